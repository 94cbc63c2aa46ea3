# The Debian package, made by ./dev package: the program, its services, their options.
set(deploy "${PROJECT_SOURCE_DIR}/deploy")
install(TARGETS daybook RUNTIME DESTINATION bin)
install(FILES "${deploy}/systemd/daybook.service" "${deploy}/systemd/daybook@.service"
    DESTINATION lib/systemd/system)
install(FILES "${deploy}/debian/default" DESTINATION /etc/default RENAME daybook)
install(FILES "${deploy}/debian/default-cluster" DESTINATION /etc/default RENAME daybook-cluster)
install(FILES "${deploy}/debian/pgpass" DESTINATION /etc/daybook PERMISSIONS OWNER_READ OWNER_WRITE)
install(FILES "${deploy}/haproxy.cfg" "${deploy}/nats.conf"
    DESTINATION share/doc/daybook/examples)
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
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION
    "The live books of people who run several properties, provable from a chain of events: an HTTP
API, a console in the browser and a command line, on an embedded database or PostgreSQL.")
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS "passwd, tzdata")
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA "${deploy}/debian/postinst" "${deploy}/debian/prerm"
    "${deploy}/debian/postrm" "${deploy}/debian/conffiles")
include(CPack)
