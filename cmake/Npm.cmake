# npm_ci(SOURCES FOLDER): installs what SOURCES/package-lock.json pins into FOLDER/node_modules, in
# the build tree. What needs it depends on FOLDER/node_modules/.package-lock.json, which npm writes
# last. No package runs a script of its own.
find_program(NODE NAMES node nodejs)
find_program(NPM npm)
if(NOT NODE OR NOT NPM)
  message(FATAL_ERROR "node and npm are needed for the pages that the gateway serves:"
    " install nodejs (18 or newer) and npm (apt-get install nodejs npm)")
endif()
function(npm_ci sources folder)
  add_custom_command(OUTPUT ${folder}/node_modules/.package-lock.json
    COMMAND ${CMAKE_COMMAND} -E make_directory ${folder}
    COMMAND ${CMAKE_COMMAND} -E copy ${sources}/package.json ${sources}/package-lock.json ${folder}
    COMMAND ${NPM} ci --prefix ${folder} --ignore-scripts --no-audit --no-fund --no-update-notifier
      --loglevel=error
    DEPENDS ${sources}/package.json ${sources}/package-lock.json
    COMMENT "npm ci: ${folder}"
    VERBATIM)
endfunction()
