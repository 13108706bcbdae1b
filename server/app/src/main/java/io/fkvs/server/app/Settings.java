package io.fkvs.server.app;

import io.fkvs.server.ServerConfig;
import io.fkvs.server.TransportChoice;
import java.nio.file.Path;
import java.time.Duration;

/**
 * What {@code server.conf} and the command line have set, by {@link Options}. What is set twice has
 * the value set last, so the file is to be read before the flags.
 */
final class Settings {
  /** Where it takes longer than this, the first clients wait a little (docs/decisions/0005). */
  private static final Duration WARM_UP = Duration.ofSeconds(2);

  private ServerConfig server = ServerConfig.defaults().withWarmUp(WARM_UP);
  private Path passwordFile;
  private Path tlsCertificate;
  private Path tlsKey;
  private Path tlsAuthorities;
  private boolean isQuiet;
  private boolean isVerbose;
  private boolean showsLogo;
  private boolean wantsDaemon;
  private boolean boundsEvents;

  ServerConfig server() {
    return server;
  }

  /** The file with the password, {@code null} for none. */
  Path passwordFile() {
    return passwordFile;
  }

  /** The file with the certificate, {@code null} for no TLS. */
  Path tlsCertificate() {
    return tlsCertificate;
  }

  /** The file with the certificate's key, {@code null} for none. */
  Path tlsKey() {
    return tlsKey;
  }

  /** The file with who vouches for clients, {@code null} where they need no certificate. */
  Path tlsAuthorities() {
    return tlsAuthorities;
  }

  boolean isQuiet() {
    return isQuiet;
  }

  boolean isVerbose() {
    return isVerbose;
  }

  boolean showsLogo() {
    return showsLogo;
  }

  boolean wantsDaemon() {
    return wantsDaemon;
  }

  boolean boundsEvents() {
    return boundsEvents;
  }

  void server(ServerConfig server) {
    this.server = server;
  }

  void passwordFile(Path file) {
    passwordFile = file;
  }

  void tlsCertificate(Path file) {
    tlsCertificate = file;
  }

  void tlsKey(Path file) {
    tlsKey = file;
  }

  void tlsAuthorities(Path file) {
    tlsAuthorities = file;
  }

  void quiet(boolean isOn) {
    isQuiet = isOn;
  }

  void verbose(boolean isOn) {
    isVerbose = isOn;
  }

  void showLogo(boolean isOn) {
    showsLogo = isOn;
  }

  void daemonize(boolean isOn) {
    wantsDaemon = isOn;
  }

  /** The original's key for {@code transport}. */
  void useIoUring(boolean isOn) {
    server = server.withTransport(isOn ? TransportChoice.IO_URING : TransportChoice.NIO);
  }

  void eventLoopMaxEvents(int count) {
    if (count < 1) {
      throw new IllegalArgumentException(
          "value must be at least 1: event-loop-max-events=" + count);
    }
    boundsEvents = true;
  }
}
