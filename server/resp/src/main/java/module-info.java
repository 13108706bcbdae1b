/** RESP, the protocol of Redis, and its commands. Nothing is exported: the server finds it. */
module io.fkvs.server.resp {
  requires io.fkvs.server;
  requires io.fkvs.store.durable;

  provides io.fkvs.server.protocol.ProtocolProvider with
      io.fkvs.server.resp.RespProvider;
}
