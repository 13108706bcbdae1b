package io.fkvs.embedder;

import io.fkvs.server.Server;
import io.fkvs.server.ServerConfig;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.util.Arrays;

/** A program of somebody else's that brings a server along: it knows what the server exports. */
public final class Embedder {
  /** The classic request PING, and its reply. */
  private static final byte[] PING = {0, 4, 5, 0, 1, 'x'};

  private Embedder() {}

  /**
   * Starts a server and asks it something.
   *
   * @param args none
   * @throws IOException if the server cannot listen or does not answer
   */
  public static void main(String[] args) throws IOException {
    try (Server server = Server.start(ServerConfig.defaults().withPort(0));
        Socket socket = new Socket(server.address().getAddress(), server.address().getPort())) {
      socket.getOutputStream().write(PING);
      byte[] reply = new byte[PING.length];
      new DataInputStream(socket.getInputStream()).readFully(reply);
      if (!Arrays.equals(PING, reply)) {
        throw new AssertionError("wrong reply: reply=" + Arrays.toString(reply));
      }
    }
    System.out.println(Embedder.class.getModule().getName() + " serves");
  }
}
