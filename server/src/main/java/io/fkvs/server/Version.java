package io.fkvs.server;

/** The version of the program. */
final class Version {
  private Version() {}

  /** The version that the jar's manifest names, or that this is none. */
  static String text() {
    String version = Version.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }
}
