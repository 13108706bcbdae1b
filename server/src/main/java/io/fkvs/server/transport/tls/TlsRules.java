package io.fkvs.server.transport.tls;

import java.util.Objects;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;

/**
 * How a server speaks TLS. Any thread.
 *
 * @param context has the server's certificate and key, and says whose clients to trust
 * @param demandsCertificates whether a client has to show a certificate
 */
public record TlsRules(SSLContext context, boolean demandsCertificates) {
  private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

  /**
   * Makes sure that the context can serve.
   *
   * @throws IllegalArgumentException if it cannot
   */
  public TlsRules {
    Objects.requireNonNull(context, "context");
    try {
      engine(context, demandsCertificates);
    } catch (SSLException | RuntimeException e) {
      throw new IllegalArgumentException("context cannot serve TLS: cause=" + e.getMessage(), e);
    }
  }

  /** The server's side of one connection, which waits for the client's hello. */
  SSLEngine engine() throws SSLException {
    return engine(context, demandsCertificates);
  }

  private static SSLEngine engine(SSLContext context, boolean demandsCertificates)
      throws SSLException {
    SSLEngine engine = context.createSSLEngine();
    engine.setUseClientMode(false);
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setProtocols(PROTOCOLS);
    parameters.setUseCipherSuitesOrder(true);
    parameters.setNeedClientAuth(demandsCertificates);
    engine.setSSLParameters(parameters);
    engine.beginHandshake();
    return engine;
  }
}
