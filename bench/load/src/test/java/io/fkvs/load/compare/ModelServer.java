package io.fkvs.load.compare;

import io.fkvs.load.RespModelMain;
import io.fkvs.load.dialect.RespDialect;
import java.nio.file.Path;
import java.util.List;

/** A model server in a process of its own. */
final class ModelServer {
  private ModelServer() {}

  /** How to start one that listens on a Unix socket, too. */
  static ServerMode mode(String name, Path socket) {
    return new ServerMode(
        name,
        new RespDialect(),
        port ->
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                RespModelMain.class.getName(),
                Integer.toString(port),
                socket.toString()),
        List.of());
  }
}
