# Compile options that every target of ours takes by linking `options`.
add_library(options INTERFACE)
target_compile_options(options INTERFACE -Wall -Wextra -Wno-missing-field-initializers
    $<$<CXX_COMPILER_ID:GNU>:-Wshadow=local> -Wnon-virtual-dtor)
target_include_directories(options INTERFACE ${CMAKE_SOURCE_DIR} ${CMAKE_BINARY_DIR})
# Debian ships several Boosts and header-only pieces side by side: never let two versions meet.
target_compile_definitions(options INTERFACE BOOST_ALL_NO_LIB)
if(REENACT_WERROR)
  target_compile_options(options INTERFACE -Werror)
endif()
if(REENACT_SANITIZE)
  # -fno-sanitize=null: CAF's headers bind a reference to an empty shared_ptr when an actor function
  # takes no arguments (harmless; docs/adr).
  add_compile_options(-fsanitize=${REENACT_SANITIZE} -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${REENACT_SANITIZE})
  if(REENACT_SANITIZE MATCHES "undefined")
    add_compile_options(-fno-sanitize=null -fno-sanitize-recover=all)
  endif()
endif()

# What programs link that hold many small things for long (docs/adr/0013). Sanitizers bring their
# own.
add_library(allocator INTERFACE)
if(NOT REENACT_SANITIZE)
  find_library(JEMALLOC jemalloc REQUIRED)
  target_link_libraries(allocator INTERFACE ${JEMALLOC})
endif()
