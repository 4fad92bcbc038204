# protobuf_sources(TARGET file.proto...): generates into the build tree, adds the result to TARGET,
# whose property PROTOS lists the sources.
# Generated code is included by its repository path: "messages/mallbots/stores/store.pb.h".
find_package(Protobuf REQUIRED)
function(protobuf_sources target)
  foreach(proto ${ARGN})
    file(RELATIVE_PATH path ${CMAKE_SOURCE_DIR} ${CMAKE_CURRENT_SOURCE_DIR}/${proto})
    string(REGEX REPLACE "\\.proto$" "" stem ${path})
    add_custom_command(
      OUTPUT ${CMAKE_BINARY_DIR}/${stem}.pb.cc ${CMAKE_BINARY_DIR}/${stem}.pb.h
      COMMAND protobuf::protoc --cpp_out=${CMAKE_BINARY_DIR} -I${CMAKE_SOURCE_DIR}
              ${CMAKE_SOURCE_DIR}/${path}
      DEPENDS ${CMAKE_SOURCE_DIR}/${path} ${CMAKE_SOURCE_DIR}/messages/model/options.proto
      COMMENT "protoc ${path}"
      VERBATIM)
    set_source_files_properties(${CMAKE_BINARY_DIR}/${stem}.pb.cc PROPERTIES COMPILE_OPTIONS "-w")
    set_property(TARGET ${target} APPEND PROPERTY PROTOS ${CMAKE_SOURCE_DIR}/${path})
    target_sources(${target} PRIVATE
      ${CMAKE_BINARY_DIR}/${stem}.pb.cc ${CMAKE_BINARY_DIR}/${stem}.pb.h)
  endforeach()
endfunction()
