# man_page(hourglass.1 FROM hourglass): docs/man/hourglass.1.md as a manual page, installed where man looks. What the
# program says for --manual, in Markdown, stands in place of @GENERATED@, so that nothing is written twice.
find_program(LOWDOWN lowdown REQUIRED)
add_custom_target(man_pages ALL)

function(man_page name)
    cmake_parse_arguments(PARSE_ARGV 1 PAGE "" "FROM" "")
    set(page ${CMAKE_BINARY_DIR}/man/${name})
    set(template ${CMAKE_SOURCE_DIR}/docs/man/${name}.md)
    add_custom_command(
        OUTPUT ${page}
        COMMAND ${CMAKE_COMMAND} -DNAME=${name} -DTEMPLATE=${template} -DPROGRAM=$<TARGET_FILE:${PAGE_FROM}> -DPAGE=${page}
                -DLOWDOWN=${LOWDOWN} -DVERSION=${PROJECT_VERSION} -P ${CMAKE_SOURCE_DIR}/cmake/write_man_page.cmake
        DEPENDS ${template} ${PAGE_FROM} ${CMAKE_SOURCE_DIR}/cmake/write_man_page.cmake
        VERBATIM)
    add_custom_target(${name} DEPENDS ${page})
    add_dependencies(man_pages ${name})
    string(REGEX MATCH "[0-9]$" section ${name})
    install(FILES ${page} DESTINATION ${CMAKE_INSTALL_MANDIR}/man${section})
endfunction()
