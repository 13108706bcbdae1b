package io.fkvs.cluster;

import io.fkvs.cluster.ClusterNode.EngineProvider;
import io.fkvs.cluster.ratis.RatisConsensus;
import io.fkvs.server.Server;
import io.fkvs.server.ServerConfig;
import io.fkvs.server.app.ServerProgram;
import io.fkvs.store.durable.DiskFullException;
import io.fkvs.store.durable.DurableException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** A member of a cluster as a program: {@code fkvs-cluster -c node.conf [flags]}. */
@Command(
    name = "fkvs-cluster",
    description = {
      "A member of a cluster of key-value servers. Flags win over the configuration file.",
      "To try a cluster out on this machine: fkvs-cluster --demo"
    })
public final class FkvsCluster extends ServerProgram {
  /** What the members agree by. */
  private static final EngineProvider ENGINE = RatisConsensus::new;

  /** What the system says of a full disk. */
  private static final String NO_SPACE = "No space left";

  private final MemberOptions options;
  private ClusterNode.Part part;

  @CommandLine.Option(
      names = "--demo",
      paramLabel = "DIR",
      arity = "0..1",
      fallbackValue = "",
      description =
          "Starts three members on this machine to try a cluster out, in DIR or in"
              + " one that it removes at the end.")
  private Path demo;

  /** Creates the command. */
  public FkvsCluster() {
    this(new MemberOptions());
  }

  private FkvsCluster(MemberOptions options) {
    super(options.all(), MemberOptions.REFUSED);
    this.options = options;
  }

  /**
   * Runs a member until a signal ends it.
   *
   * @param args the command line
   */
  public static void main(String[] args) {
    DemoMember.endWithDemo();
    System.exit(new FkvsCluster().execute(args));
  }

  @Override
  protected OptionalInt runProcedure() throws IOException, InterruptedException {
    if (demo == null) {
      return OptionalInt.empty();
    }
    for (String flag : givenFlags()) {
      if (!flag.equals("--demo")) {
        throw new IllegalArgumentException("--demo takes no other flag beside it: flag=" + flag);
      }
    }
    return OptionalInt.of(Demo.run(demo, System.out));
  }

  @Override
  protected void checkOptions() {
    part = options.part(ENGINE);
  }

  @Override
  protected Service start(ServerConfig config) throws IOException {
    requireUsable(part.group().directory());
    try {
      return new Member(ClusterNode.start(config, part));
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static void requireUsable(Path directory) {
    try {
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw new DurableException("directory cannot be made: directory=" + directory, e);
    }
    if (!Files.isWritable(directory)) {
      throw new DurableException("directory is not writable: directory=" + directory, null);
    }
  }

  private record Member(ClusterNode node) implements Service {
    @Override
    public Server server() {
      return node.server();
    }

    @Override
    public void awaitStop() throws InterruptedException {
      node.awaitStop();
    }

    @Override
    public Optional<Throwable> failure() {
      return node.failure().map(Member::classified);
    }

    /** What the engine could not write is told by a status of its own, as it is by a server. */
    private static Throwable classified(Throwable failure) {
      for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
        if (cause instanceof DurableException) {
          return cause;
        }
        if (cause instanceof IOException) {
          return String.valueOf(cause.getMessage()).contains(NO_SPACE)
              ? new DiskFullException("disk of the directory is full", failure)
              : new DurableException("directory cannot be written", failure);
        }
      }
      return failure;
    }

    @Override
    public void close() {
      node.close();
    }
  }
}
