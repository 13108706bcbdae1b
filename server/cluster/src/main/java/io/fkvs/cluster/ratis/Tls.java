package io.fkvs.cluster.ratis;

import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import org.apache.ratis.conf.Parameters;
import org.apache.ratis.grpc.GrpcUtil;
import org.apache.ratis.thirdparty.io.netty.buffer.UnpooledByteBufAllocator;
import org.apache.ratis.thirdparty.io.netty.handler.ssl.ClientAuth;
import org.apache.ratis.thirdparty.io.netty.handler.ssl.IdentityCipherSuiteFilter;
import org.apache.ratis.thirdparty.io.netty.handler.ssl.JdkSslContext;
import org.apache.ratis.thirdparty.io.netty.handler.ssl.SslContext;

/**
 * TLS between members, by Java's own engine: 1.3 alone, which all of them have, with a certificate
 * on both sides. Who opens a connection compares the name in the other's certificate with the host
 * that it has called; who is called knows nobody's host, and takes every certificate that the
 * context trusts. Any thread.
 *
 * @param server for the port
 * @param client for connections to other members
 */
record Tls(SslContext server, SslContext client) {
  private static final String KEY = Tls.class.getName();
  private static final String[] PROTOCOLS = {"TLSv1.3"};

  /** How gRPC compares names, too. */
  private static final String COMPARE_NAMES = "HTTPS";

  /**
   * What a member needs.
   *
   * @param context has its certificate and key, and says whose to trust
   * @param host where the others reach it
   * @throws IllegalArgumentException if they would refuse it, as far as it can tell by itself
   */
  static Tls of(SSLContext context, String host) {
    Tls tls = of(context);
    try {
      TrialHandshake.run(tls.caller(host), tls.server.newEngine(UnpooledByteBufAllocator.DEFAULT));
    } catch (SSLException | RuntimeException e) {
      throw new IllegalArgumentException(
          "other members would refuse the certificate of this one: host="
              + host
              + ", cause="
              + e.getMessage(),
          e);
    }
    return tls;
  }

  /** The same without looking whether it fits. */
  static Tls of(SSLContext context) {
    return new Tls(side(context, false), side(context, true));
  }

  private static SslContext side(SSLContext context, boolean isClient) {
    return new JdkSslContext(
        context,
        isClient,
        null,
        IdentityCipherSuiteFilter.INSTANCE,
        GrpcUtil.ALPN,
        ClientAuth.REQUIRE,
        PROTOCOLS,
        false);
  }

  private SSLEngine caller(String host) {
    SSLEngine engine = client.newEngine(UnpooledByteBufAllocator.DEFAULT, host, 0);
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm(COMPARE_NAMES);
    engine.setSSLParameters(parameters);
    return engine;
  }

  /** Puts it where {@link PromptGrpc} takes it from. */
  void put(Parameters parameters) {
    parameters.put(KEY, this, Tls.class);
  }

  static Optional<Tls> in(Parameters parameters) {
    return Optional.ofNullable(parameters.get(KEY, Tls.class));
  }
}
