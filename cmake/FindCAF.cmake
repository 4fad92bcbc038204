# Debian's libcaf-dev ships headers and shared libraries, but no CMake package.
# Defines CAF::core, CAF::io and CAF::openssl; imported, so their headers are system headers.
include(FindPackageHandleStandardArgs)
find_path(CAF_INCLUDE_DIR caf/all.hpp)
foreach(part core io openssl)
  find_library(CAF_${part}_LIBRARY caf_${part})
endforeach()
find_package_handle_standard_args(CAF
  REQUIRED_VARS CAF_INCLUDE_DIR CAF_core_LIBRARY CAF_io_LIBRARY CAF_openssl_LIBRARY
  REASON_FAILURE_MESSAGE "install libcaf-dev (0.17.6, Debian 12)")
find_package(Threads REQUIRED)
set(below_core Threads::Threads)
set(below_io CAF::core)
set(below_openssl CAF::io)
foreach(part core io openssl)
  if(NOT TARGET CAF::${part})
    add_library(CAF::${part} SHARED IMPORTED)
    set_target_properties(CAF::${part} PROPERTIES
      IMPORTED_LOCATION "${CAF_${part}_LIBRARY}"
      INTERFACE_INCLUDE_DIRECTORIES "${CAF_INCLUDE_DIR}"
      INTERFACE_LINK_LIBRARIES "${below_${part}}")
  endif()
endforeach()
