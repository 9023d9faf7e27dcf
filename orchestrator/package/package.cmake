# What is installed where, and the Debian package: cmake --build BUILD --target deb

# Manual, completion and schema are printed by the program, so that none can differ from it.
set(documents ${CMAKE_BINARY_DIR}/documents)
add_custom_command(
  OUTPUT ${documents}/made
  COMMAND ${CMAKE_CURRENT_LIST_DIR}/documents.sh $<TARGET_FILE:sitewide> ${documents}
  DEPENDS sitewide ${CMAKE_CURRENT_LIST_DIR}/documents.sh
  COMMENT "Manual pages, completion and schema"
  VERBATIM)
add_custom_target(documents DEPENDS ${documents}/made)

include(GNUInstallDirs)
set(share ${CMAKE_INSTALL_DATAROOTDIR})
install(TARGETS sitewide RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(DIRECTORY ${documents}/man1 ${documents}/man5 DESTINATION ${CMAKE_INSTALL_MANDIR})
install(FILES ${documents}/bash/sitewide DESTINATION ${share}/bash-completion/completions)
install(FILES ${documents}/zsh/_sitewide DESTINATION ${share}/zsh/vendor-completions)
install(FILES ${documents}/fish/sitewide.fish DESTINATION ${share}/fish/vendor_completions.d)
install(FILES ${documents}/plan.schema.json DESTINATION ${share}/sitewide)
file(GLOB articles CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/plans/catalogue/Q*.yaml)
install(FILES ${articles} DESTINATION ${share}/sitewide/catalogue)
install(FILES ${CMAKE_CURRENT_LIST_DIR}/sitewide-resume@.service DESTINATION lib/systemd/system)
install(FILES ${CMAKE_SOURCE_DIR}/README.md ${CMAKE_SOURCE_DIR}/CHANGELOG.md DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(FILES ${CMAKE_SOURCE_DIR}/plans/README.md DESTINATION ${CMAKE_INSTALL_DOCDIR} RENAME plans.md)
install(FILES ${CMAKE_SOURCE_DIR}/plans/recipes.md DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY ${CMAKE_SOURCE_DIR}/examples/recipes DESTINATION ${CMAKE_INSTALL_DOCDIR} USE_SOURCE_PERMISSIONS)
install(FILES ${CMAKE_SOURCE_DIR}/LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR} RENAME copyright)

set(CMAKE_SKIP_INSTALL_ALL_DEPENDENCY ON)  # tests are not what is packed
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME sitewide)
set(CPACK_PACKAGE_CONTACT "Sitewide <sitewide@localhost>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "Rolls a client hotfix out over sites and groups of clients")
set(CPACK_PACKAGE_DESCRIPTION
    "Stages a hotfix on site servers, upgrades groups of clients in waves, proves each\n\
 client by what is on its disk, and puts back what it changed when a client or a\n\
 group goes wrong. Rollouts can be previewed, interrupted, resumed and undone.")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_PACKAGE_SECTION admin)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS tzdata)
# Certificates of web servers that are told of a rollout are checked against the system's.
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "man-db, ca-certificates")
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "default-mta | mail-transport-agent, smbclient, ansible-core, openssh-client")
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ
                                                WORLD_EXECUTE)
include(CPack)

add_custom_target(
  deb
  COMMAND ${CMAKE_CPACK_COMMAND} -G DEB
  WORKING_DIRECTORY ${CMAKE_BINARY_DIR}
  DEPENDS documents
  VERBATIM)
