package io.fkvs.server.resp;

import io.fkvs.server.protocol.Endpoint;
import io.fkvs.server.protocol.Host;
import io.fkvs.server.protocol.ProtocolProvider;

/** Brings RESP to the server. */
public final class RespProvider implements ProtocolProvider {
  /** Creates the provider, as the service loader does. */
  public RespProvider() {}

  @Override
  public String name() {
    return "resp";
  }

  @Override
  public Endpoint open(Host host) {
    return new RespEndpoint(host);
  }
}
