package io.fkvs.cluster;

import io.fkvs.cluster.consensus.Consensus;
import io.fkvs.cluster.consensus.Group;
import io.fkvs.cluster.consensus.Replica;
import io.fkvs.server.Server;
import io.fkvs.server.ServerConfig;
import io.fkvs.server.replication.Replication;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;

/**
 * A member of a cluster: a server whose clients see what the clients of all members do, and an
 * engine for consensus behind it. It serves from {@link #start} until {@link #close}.
 *
 * <p>Any thread may call any method.
 */
public final class ClusterNode implements AutoCloseable {
  private static final Logger LOGGER = System.getLogger(ClusterNode.class.getName());

  private final LoopLog log = new LoopLog(Consensus.MAX_ENTRY_BYTES, this::onEngineFailure);
  private Server server;
  private Consensus consensus;
  private volatile Throwable engineFailure;

  private ClusterNode() {}

  /** Starts an engine. */
  public interface EngineProvider {
    /**
     * Starts a member of a group. It returns when the member runs, with or without the others.
     *
     * @param group the group
     * @param replica the member's state
     * @return the engine, for the caller to close
     */
    Consensus start(Group group, Replica replica);
  }

  /**
   * How a member takes part.
   *
   * @param group the members, and where this one keeps its log
   * @param readsLocal whether reads answer what this member knows, which may be stale
   * @param patience how long a client waits for a majority before it is refused
   * @param engine what agrees
   */
  public record Part(Group group, boolean readsLocal, Duration patience, EngineProvider engine) {}

  /**
   * Starts a member. It listens at once, and refuses clients until it has found a majority.
   *
   * @param config how its server is to run
   * @param part how it takes part
   * @return the member, for the caller to close
   * @throws IOException if it cannot listen
   * @throws IllegalArgumentException if a member cannot do what the configuration asks for
   */
  public static ClusterNode start(ServerConfig config, Part part) throws IOException {
    ClusterNode node = new ClusterNode();
    Replication replication =
        new Replication(
            part.group.member(),
            part.group.members().size(),
            node.log,
            part.readsLocal,
            part.patience);
    node.server = Server.start(memberConfig(config, replication));
    try {
      node.consensus = part.engine.start(part.group, node.log);
      node.log.agreesBy(node.consensus);
    } catch (RuntimeException e) {
      node.close();
      throw e;
    }
    return node;
  }

  /** The bound of the default is lowered to what fits an entry, another one is checked. */
  private static ServerConfig memberConfig(ServerConfig config, Replication replication) {
    ServerConfig member = config.withReplication(replication);
    boolean isDefault = config.maxValueBytes() == ServerConfig.defaults().maxValueBytes();
    return isDefault ? member : member.withMaxValueBytes(config.maxValueBytes());
  }

  /**
   * The server.
   *
   * @return it, which the member closes
   */
  public Server server() {
    return server;
  }

  /**
   * The member that leads, as far as this one knows.
   *
   * @return its number, or {@link Consensus#NOBODY}
   */
  public int leader() {
    return consensus.leader();
  }

  /** Has the state saved soon, so that the log before it can be forgotten. */
  public void requestSnapshot() {
    consensus.requestSnapshot();
  }

  private void onEngineFailure(Throwable cause) {
    LOGGER.log(Level.ERROR, "engine failed, the member stops", cause);
    engineFailure = cause;
    Thread.ofPlatform().daemon().name("fkvs-cluster-stop").start(server::close);
  }

  /**
   * Waits until the member has stopped, because somebody closed it or because it failed.
   *
   * @return whether it stopped as it should
   * @throws InterruptedException if this thread is interrupted while it waits
   */
  public boolean awaitStop() throws InterruptedException {
    return server.awaitStop() && engineFailure == null;
  }

  /**
   * Why the member has failed.
   *
   * @return the cause, or nothing where it runs, or stopped as it should
   */
  public Optional<Throwable> failure() {
    return engineFailure != null ? Optional.of(engineFailure) : server.failure();
  }

  /** Answers what it can, closes the connections, and leaves the others. Again, it does nothing. */
  @Override
  public void close() {
    server.close();
    log.close();
    if (consensus != null) {
      consensus.close();
    }
  }
}
