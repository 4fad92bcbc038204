# embed_files(TARGET HEADER NAMESPACE FOLDER file...): lays files of FOLDER into TARGET, byte by
# byte, by the assembler: compiling megabytes as arrays takes minutes. They are called as they are
# from there. HEADER declares embedded_file and embedded_files() in NAMESPACE.
function(embed_files target header namespace folder)
  set(assembly "    .section .rodata\n")
  set(symbols "")
  set(table "")
  set(i 0)
  set(files ${ARGN})
  list(TRANSFORM files PREPEND ${folder}/)
  foreach(name file IN ZIP_LISTS ARGN files)
    string(APPEND assembly "    .global embedded_${i}, embedded_${i}_end\n"
      "embedded_${i}:\n    .incbin \"${file}\"\nembedded_${i}_end:\n    .byte 0\n")
    string(APPEND symbols "extern \"C\" const char embedded_${i}[], embedded_${i}_end[];\n")
    string(APPEND table "      {\"${name}\", {embedded_${i}, embedded_${i}_end}},\n")
    math(EXPR i "${i} + 1")
  endforeach()
  string(APPEND assembly "    .section .note.GNU-stack,\"\",%progbits\n")
  set(stem ${CMAKE_CURRENT_BINARY_DIR}/${target}_embedded)
  file(CONFIGURE OUTPUT ${stem}.S CONTENT "${assembly}" @ONLY)
  file(CONFIGURE OUTPUT ${stem}.cpp @ONLY CONTENT "#include \"${header}\"

${symbols}
namespace ${namespace} {

std::span<const embedded_file> embedded_files() {
  static const embedded_file files[] = {
${table}  };
  return files;
}

} // namespace ${namespace}
")
  set_source_files_properties(${stem}.S PROPERTIES OBJECT_DEPENDS "${files}")
  target_sources(${target} PRIVATE ${stem}.S ${stem}.cpp)
endfunction()
