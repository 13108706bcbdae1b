package io.fkvs.cluster.ratis;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.ratis.conf.Parameters;
import org.apache.ratis.grpc.GrpcConfigKeys;
import org.apache.ratis.grpc.GrpcFactory;
import org.apache.ratis.grpc.server.GrpcLogAppender;
import org.apache.ratis.grpc.server.GrpcServices;
import org.apache.ratis.grpc.server.GrpcServicesImpl;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.rpc.RpcType;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.leader.FollowerInfo;
import org.apache.ratis.server.leader.LeaderState;
import org.apache.ratis.server.leader.LogAppender;
import org.apache.ratis.server.raftlog.RaftLogIOException;

/**
 * What members send each other by: gRPC as Ratis has it, with another rule of when to send.
 *
 * <ul>
 *   <li>A leader tells the others at once what is agreed on. Ratis 3.3.0 tells them with the next
 *       entry or the next sign of life: where nobody proposes anything else, a member that does not
 *       lead would wait for half a second until it may apply what its client has asked for.
 *   <li>Entries leave at once when none are on their way, and otherwise together when the answer to
 *       these has come, as TCP does by Nagle's rule (RFC 896). Ratis sends each by itself, or waits
 *       for a fixed time before each.
 * </ul>
 *
 * <p>And over {@link Tls}, where a group has that.
 *
 * <p>Ratis makes one by the name of the class.
 */
public final class PromptGrpc implements RpcType {
  private static final String KEY = PromptGrpc.class.getName();

  /** For Ratis. */
  public PromptGrpc() {}

  /** What sends to the other members while this one leads. Any thread. */
  static final class Appenders {
    private final List<LogAppender> appenders = new CopyOnWriteArrayList<>();

    /** Puts them where Ratis takes them from. */
    void in(Parameters parameters) {
      parameters.put(KEY, this, Appenders.class);
    }

    private LogAppender add(LogAppender appender) {
      appenders.removeIf(other -> !other.isRunning());
      appenders.add(appender);
      return appender;
    }

    /** Something more is agreed on. */
    void tell() {
      appenders.forEach(LogAppender::notifyLogAppender);
    }
  }

  /**
   * Sends to one other member: entries, and what is agreed on as soon as the member has it all. A
   * sign of life while an entry is on its way does not tell that.
   */
  private static final class PromptAppender extends GrpcLogAppender {
    private volatile long toldIndex = -1;

    PromptAppender(RaftServer.Division server, LeaderState state, FollowerInfo follower) {
      super(server, state, follower);
    }

    @Override
    public boolean shouldSendAppendEntries() {
      return super.shouldSendAppendEntries() && !isGathering();
    }

    /** Entries are on their way: those that come meanwhile are sent together, after the answer. */
    private boolean isGathering() {
      return hasPendingDataRequests() && getHeartbeatWaitTimeMs() > 0;
    }

    @Override
    public long getHeartbeatWaitTimeMs() {
      long agreedIndex = getRaftLog().getLastCommittedIndex();
      boolean isToTell = agreedIndex > toldIndex && getFollower().getMatchIndex() >= agreedIndex;
      return isToTell && !hasAppendEntries() && !hasPendingDataRequests()
          ? 0
          : super.getHeartbeatWaitTimeMs();
    }

    @Override
    public AppendEntriesRequestProto newAppendEntriesRequest(long callId, boolean heartbeat)
        throws RaftLogIOException {
      if (isGathering()) {
        return null;
      }
      long agreedIndex = getRaftLog().getLastCommittedIndex();
      boolean hasAll = getFollower().getMatchIndex() >= agreedIndex;
      AppendEntriesRequestProto request = super.newAppendEntriesRequest(callId, heartbeat);
      if (request != null
          && hasAll
          && (request.getEntriesCount() > 0 || request.hasPreviousLog())) {
        toldIndex = Math.max(toldIndex, agreedIndex);
      }
      return request;
    }
  }

  @Override
  public String name() {
    return getClass().getName();
  }

  @Override
  public GrpcFactory newFactory(Parameters parameters) {
    Appenders appenders = parameters.getNonNull(KEY, Appenders.class);
    Optional<Tls> tls = Tls.in(parameters);
    return new GrpcFactory(parameters) {
      @Override
      public GrpcServices newRaftServerRpc(RaftServer server) {
        return tls.isPresent()
            ? encrypted(server, tls.get(), GrpcConfigKeys.Server.servicesCustomizer(parameters))
            : super.newRaftServerRpc(server);
      }

      @Override
      public LogAppender newLogAppender(
          RaftServer.Division server, LeaderState state, FollowerInfo follower) {
        return appenders.add(new PromptAppender(server, state, follower));
      }
    };
  }

  /** As Ratis makes it, which however takes no context of Java's, and a native library for TLS. */
  private static GrpcServices encrypted(
      RaftServer server, Tls tls, GrpcServices.Customizer customizer) {
    return GrpcServicesImpl.newBuilder()
        .setServer(server)
        .setCustomizer(customizer)
        .setAdminSslContext(tls.server())
        .setClientSslContext(tls.server())
        .setServerSslContextForServer(tls.server())
        .setServerSslContextForClient(tls.client())
        .build();
  }
}
