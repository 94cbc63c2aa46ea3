# The Debian package, made by ./dev package: the program, its service, the options of the service.
set(packaging "${PROJECT_SOURCE_DIR}/packaging")
install(TARGETS daybook RUNTIME DESTINATION bin)
install(FILES "${packaging}/daybook.service" DESTINATION lib/systemd/system)
install(FILES "${packaging}/default" DESTINATION /etc/default RENAME daybook)
install(FILES "${PROJECT_SOURCE_DIR}/LICENSE" DESTINATION share/doc/daybook RENAME copyright)
# Of the bookings that the program carries.
install(FILES "${PROJECT_SOURCE_DIR}/examples/hotels/LICENSE"
    DESTINATION share/doc/daybook RENAME copyright.hotel-bookings)

set(CPACK_GENERATOR DEB)
set(CPACK_SET_DESTDIR ON)
set(CPACK_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_PACKAGE_CONTACT "Daybook <dev@daybook.invalid>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "${PROJECT_DESCRIPTION}")
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS "passwd, tzdata")
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA "${packaging}/postinst" "${packaging}/prerm"
    "${packaging}/postrm" "${packaging}/conffiles")
include(CPack)
