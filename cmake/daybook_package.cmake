# The Debian package: see packaging/.
install(TARGETS daybook RUNTIME DESTINATION bin)
