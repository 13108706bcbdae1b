package io.fkvs.server.app;

import io.fkvs.server.ServerConfig;
import io.fkvs.server.app.security.TlsFiles;

/** Where the server's certificate comes from: the files of {@code tls-cert} and its like. */
final class TlsSource {
  private TlsSource() {}

  /**
   * Adds TLS to a configuration, if the settings have a certificate.
   *
   * @throws ConfigException if a file is missing, cannot be read or does not suit
   */
  static ServerConfig apply(Settings settings, ServerConfig config) throws ConfigException {
    boolean hasAny =
        settings.tlsCertificate() != null
            || settings.tlsKey() != null
            || settings.tlsAuthorities() != null;
    if (!hasAny) {
      return config;
    }
    if (settings.tlsCertificate() == null || settings.tlsKey() == null) {
      throw new ConfigException(
          "TLS needs a certificate and its key: tls-cert="
              + settings.tlsCertificate()
              + ", tls-key="
              + settings.tlsKey());
    }
    try {
      return config.withTls(
          TlsFiles.context(settings.tlsCertificate(), settings.tlsKey(), settings.tlsAuthorities()),
          settings.tlsAuthorities() != null);
    } catch (IllegalArgumentException e) {
      throw new ConfigException(e.getMessage(), e);
    }
  }
}
