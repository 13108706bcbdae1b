package io.fkvs.load.compare;

import io.fkvs.load.dialect.ClassicDialect;
import io.fkvs.load.dialect.CompactDialect;
import io.fkvs.load.dialect.Dialect;
import io.fkvs.load.dialect.MemcachedDialect;
import io.fkvs.load.dialect.RespDialect;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The servers that can be compared on this machine. All of them keep everything in memory, listen
 * on 127.0.0.1 alone and serve from one thread.
 */
final class Catalogue {
  static final String HOST = "127.0.0.1";

  /** More than ten million entries need in any of them. */
  private static final int MEMCACHED_MEGABYTES = 8192;

  /**
   * How many requests memcached serves of a connection before it turns to the next: 20 by default.
   * Deep pipelines need more, and shallow ones lose nothing by it: GETs at depth 1, 16, 64 and 128
   * were 0.13, 0.53, 0.58 and 0.55 million a second with 20, 0.12, 0.52, 0.70 and 0.76 with 128,
   * 0.14, 0.52, 0.91 and 0.86 with 1024.
   */
  private static final int MEMCACHED_REQUESTS = 1024;

  private static final String FKVS_MEMORY = "8g";
  private static final String TRANSPORT = "--transport";

  private Catalogue() {}

  /** Those that are installed and can run, ours first. */
  static List<ServerMode> installed(Path root, boolean hasIoUring) {
    List<ServerMode> modes = new ArrayList<>();
    Path fkvs = root.resolve("bin").resolve("fkvs-server");
    if (Files.isExecutable(fkvs)) {
      modes.add(fkvs(fkvs, "swiss", "compact", new CompactDialect()));
      if (hasIoUring) {
        modes.add(
            fkvs(fkvs, "swiss", "compact io_uring", new CompactDialect(), TRANSPORT, "io_uring"));
      }
      modes.add(fkvs(fkvs, "swiss", "classic", new ClassicDialect()));
      modes.add(fkvs(fkvs, "chained", "classic", new ClassicDialect()));
      modes.add(onRespPort(fkvs(fkvs, "swiss", "RESP", new RespDialect())));
      if (hasIoUring) {
        modes.add(
            onRespPort(
                fkvs(fkvs, "swiss", "RESP io_uring", new RespDialect(), TRANSPORT, "io_uring")));
      }
    }
    onPath("redis-server").ifPresent(path -> modes.add(redis("Redis", path)));
    onPath("valkey-server").ifPresent(path -> modes.add(redis("Valkey", path)));
    onPath("memcached").ifPresent(path -> modes.add(memcached(path)));
    return modes;
  }

  /**
   * Ours and Redis, in memory and with a log of each policy, in folders under a directory that are
   * emptied whenever a server starts.
   */
  static List<ServerMode> durable(Path root, Path directory, boolean hasIoUring) {
    List<ServerMode> modes = new ArrayList<>();
    Path path = root.resolve("bin").resolve("fkvs-server");
    modes.add(fkvs(path, "swiss", "memory", new CompactDialect()));
    modes.add(fkvs(path, "swiss", "memory again", new CompactDialect()));
    modes.add(durableFkvs(path, directory, "everysec", "everysec"));
    modes.add(durableFkvs(path, directory, "always", "always"));
    if (hasIoUring) {
      String transport = "io_uring";
      modes.add(fkvs(path, "swiss", "memory io_uring", new CompactDialect(), TRANSPORT, transport));
      modes.add(
          durableFkvs(path, directory, "everysec io_uring", "everysec", TRANSPORT, transport));
    }
    onPath("redis-server")
        .ifPresent(
            redis -> {
              modes.add(redis("Redis", redis));
              for (String sync : List.of("everysec", "always")) {
                modes.add(durableRedis(redis, sync, directory.resolve("redis-" + sync)));
              }
            });
    return modes;
  }

  private static ServerMode durableFkvs(
      Path path, Path directory, String variant, String sync, String... more) {
    Path data = directory.resolve("fkvs-" + variant.replace(' ', '-'));
    List<String> options = new ArrayList<>(List.of("--data", data.toString(), "--sync", sync));
    options.addAll(List.of(more));
    String[] all = options.toArray(String[]::new);
    return onEmpty(data, fkvs(path, "swiss", variant, new CompactDialect(), all));
  }

  private static ServerMode durableRedis(String path, String sync, Path data) {
    return onEmpty(
        data,
        new ServerMode(
            "Redis " + sync,
            new RespDialect(),
            port ->
                command(
                    path,
                    "--bind",
                    HOST,
                    "--port",
                    port,
                    "--save",
                    "",
                    "--appendonly",
                    "yes",
                    "--appendfsync",
                    sync,
                    "--dir",
                    data),
            List.of(path, "--version")));
  }

  /** The same server, whose folder is made and emptied before it starts. */
  private static ServerMode onEmpty(Path data, ServerMode mode) {
    return new ServerMode(
        mode.name(),
        mode.dialect(),
        port -> {
          empty(data);
          return mode.command().apply(port);
        },
        mode.version());
  }

  private static void empty(Path data) {
    try {
      if (Files.exists(data)) {
        try (Stream<Path> files = Files.walk(data)) {
          for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
            Files.delete(file);
          }
        }
      }
      Files.createDirectories(data);
    } catch (IOException e) {
      throw new UncheckedIOException("folder cannot be emptied: folder=" + data, e);
    }
  }

  /** Our server on one transport and on a Unix socket as well. */
  static ServerMode transport(Path root, String transport, Path socket) {
    return fkvs(
        root.resolve("bin").resolve("fkvs-server"),
        "swiss",
        transport,
        new CompactDialect(),
        TRANSPORT,
        transport,
        "--unix-socket",
        socket.toString());
  }

  private static ServerMode fkvs(
      Path path, String store, String variant, Dialect dialect, String... more) {
    return new ServerMode(
        "fkvs " + store + " " + variant,
        dialect,
        port -> {
          List<String> command =
              new ArrayList<>(List.of(path.toString(), "--bind", HOST, "--port", "" + port));
          command.addAll(List.of("--store", store, "--max-memory", FKVS_MEMORY));
          command.addAll(List.of(more));
          return command;
        },
        List.of(path.toString(), "--version"));
  }

  /** The same server, asked at its port for clients of Redis; the main one is any that is free. */
  private static ServerMode onRespPort(ServerMode mode) {
    return new ServerMode(
        mode.name(),
        mode.dialect(),
        port -> {
          List<String> command = new ArrayList<>(mode.command().apply(0));
          command.addAll(List.of("--resp-port", Integer.toString(port)));
          return command;
        },
        mode.version());
  }

  private static ServerMode redis(String name, String path) {
    return new ServerMode(
        name,
        new RespDialect(),
        port -> command(path, "--bind", HOST, "--port", port, "--save", "", "--appendonly", "no"),
        List.of(path, "--version"));
  }

  private static ServerMode memcached(String path) {
    // It refuses to be root unless told who to be.
    String user = System.getProperty("user.name");
    return new ServerMode(
        "memcached",
        new MemcachedDialect(),
        port ->
            command(
                path,
                "-l",
                HOST,
                "-p",
                port,
                "-U",
                0,
                "-t",
                1,
                "-m",
                MEMCACHED_MEGABYTES,
                "-R",
                MEMCACHED_REQUESTS,
                "-u",
                user),
        List.of(path, "--version"));
  }

  private static List<String> command(Object... words) {
    return Stream.of(words).map(Object::toString).toList();
  }

  /** Where a program is, if the search path leads to it. */
  static Optional<String> onPath(String program) {
    for (String folder : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator)) {
      Path path = Path.of(folder, program);
      if (!folder.isEmpty() && Files.isExecutable(path)) {
        return Optional.of(path.toString());
      }
    }
    return Optional.empty();
  }
}
