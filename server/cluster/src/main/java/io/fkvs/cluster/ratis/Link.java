package io.fkvs.cluster.ratis;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.apache.ratis.client.impl.ClientProtoUtils;
import org.apache.ratis.grpc.GrpcUtil;
import org.apache.ratis.proto.RaftProtos.RaftClientReplyProto;
import org.apache.ratis.proto.RaftProtos.RaftClientRequestProto;
import org.apache.ratis.proto.grpc.AdminProtocolServiceGrpc;
import org.apache.ratis.proto.grpc.RaftClientProtocolServiceGrpc;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.GroupInfoReply;
import org.apache.ratis.protocol.GroupInfoRequest;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.SetConfigurationRequest;
import org.apache.ratis.protocol.exceptions.GroupMismatchException;
import org.apache.ratis.thirdparty.io.grpc.ManagedChannel;
import org.apache.ratis.thirdparty.io.grpc.StatusRuntimeException;
import org.apache.ratis.thirdparty.io.grpc.netty.NettyChannelBuilder;
import org.apache.ratis.thirdparty.io.grpc.stub.StreamObserver;

/**
 * Requests to one other member, on one stream: it handles them in the order in which they were
 * sent. Nothing is sent again: Ratis's own client would, and would keep requests back behind one
 * that fails. A stream that breaks is opened anew by the next request, at most some times a second.
 *
 * <p>Any thread may call any method.
 */
final class Link implements AutoCloseable {
  private static final Logger LOG = System.getLogger(Link.class.getName());

  /** How long an answer may take, in milliseconds. */
  private static final long PATIENCE_MS = 2 * Settings.ELECTION_MS;

  /** How long nothing is tried after a stream broke, in nanoseconds. */
  private static final long PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(50);

  private static final RaftPeerId NOBODY = RaftPeerId.valueOf("nobody");

  private final String address;
  private final ManagedChannel channel;
  private Requests requests;
  private long brokenAtNs = System.nanoTime() - PAUSE_NS;
  private boolean closed;
  private volatile boolean saidFailed;

  Link(String address, Optional<Tls> tls) {
    this.address = address;
    NettyChannelBuilder builder =
        NettyChannelBuilder.forTarget(address)
            .proxyDetector(target -> null)
            .maxInboundMessageSize(2 * Settings.MAX_ENTRY)
            .flowControlWindow(Settings.MAX_ENTRY);
    tls.map(Tls::client).ifPresentOrElse(builder::sslContext, builder::usePlaintext);
    channel = builder.build();
  }

  /**
   * Sends a request.
   *
   * @return completed with the answer, or exceptionally if there is none in time
   */
  CompletableFuture<RaftClientReply> send(RaftClientRequest request) {
    RaftClientRequestProto message = ClientProtoUtils.toRaftClientRequestProto(request);
    CompletableFuture<RaftClientReply> reply = new CompletableFuture<>();
    Requests requests;
    synchronized (this) {
      requests = open();
      if (requests == null) {
        reply.completeExceptionally(new IllegalStateException("not connected"));
        return reply;
      }
      requests.send(request.getCallId(), message, reply);
    }
    return reply
        .orTimeout(PATIENCE_MS, TimeUnit.MILLISECONDS)
        .whenComplete((answer, failure) -> requests.over(request.getCallId(), failure));
  }

  /**
   * Asks what the other member knows of the group.
   *
   * @return nothing if it is in no group yet
   * @throws IOException if it does not answer
   */
  Optional<GroupInfoReply> groupInfo(ClientId client) throws IOException {
    GroupInfoRequest request = new GroupInfoRequest(client, NOBODY, Membership.GROUP, 0);
    try {
      GroupInfoReply reply =
          ClientProtoUtils.toGroupInfoReply(
              admin().groupInfo(ClientProtoUtils.toGroupInfoRequestProto(request)));
      sayAnswers();
      return Optional.of(reply);
    } catch (StatusRuntimeException e) {
      IOException failure = GrpcUtil.unwrapException(e);
      if (failure instanceof GroupMismatchException) {
        sayAnswers();
        return Optional.empty();
      }
      sayFailed(e);
      throw failure;
    }
  }

  /**
   * Asks for other members.
   *
   * @return whether they are the members now
   */
  boolean setConfiguration(SetConfigurationRequest request) throws IOException {
    try {
      return ClientProtoUtils.toRaftClientReply(
              admin().setConfiguration(ClientProtoUtils.toSetConfigurationRequestProto(request)))
          .isSuccess();
    } catch (StatusRuntimeException e) {
      throw GrpcUtil.unwrapException(e);
    }
  }

  /** Logs, once until it answers again, that the other member does not answer, and why. */
  private void sayFailed(Throwable failure) {
    if (saidFailed || channel.isShutdown()) {
      return;
    }
    saidFailed = true;
    Throwable cause = failure;
    while (!(cause instanceof SSLException) && cause.getCause() != null) {
      cause = cause.getCause();
    }
    LOG.log(
        Level.WARNING,
        (cause instanceof SSLException
                ? "no TLS with another member"
                : "another member does not answer")
            + ": address="
            + address
            + ", cause="
            + cause.getMessage());
  }

  private void sayAnswers() {
    if (saidFailed) {
      saidFailed = false;
      LOG.log(Level.INFO, "another member answers again: address=" + address);
    }
  }

  private AdminProtocolServiceGrpc.AdminProtocolServiceBlockingStub admin() {
    channel.resetConnectBackoff();
    return AdminProtocolServiceGrpc.newBlockingStub(channel)
        .withDeadlineAfter(PATIENCE_MS, TimeUnit.MILLISECONDS);
  }

  private Requests open() {
    if (requests == null && !closed && System.nanoTime() - brokenAtNs >= PAUSE_NS) {
      channel.resetConnectBackoff();
      requests = new Requests();
    }
    return requests;
  }

  private synchronized boolean broken(Requests requests) {
    if (this.requests != requests) {
      return false;
    }
    this.requests = null;
    brokenAtNs = System.nanoTime();
    return true;
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      requests = null;
    }
    channel.shutdownNow();
  }

  private final class Requests implements StreamObserver<RaftClientReplyProto> {
    private final Map<Long, CompletableFuture<RaftClientReply>> unanswered =
        new ConcurrentHashMap<>();
    private final StreamObserver<RaftClientRequestProto> stream =
        RaftClientProtocolServiceGrpc.newStub(channel).unordered(this);

    void send(long id, RaftClientRequestProto message, CompletableFuture<RaftClientReply> reply) {
      unanswered.put(id, reply);
      try {
        stream.onNext(message);
      } catch (RuntimeException e) {
        onError(e);
      }
    }

    /** After one that nobody answers the connection is made anew: it may lead nowhere. */
    void over(long id, Throwable failure) {
      unanswered.remove(id);
      if (failure instanceof TimeoutException && broken(this)) {
        channel.enterIdle();
      }
    }

    @Override
    public void onNext(RaftClientReplyProto message) {
      sayAnswers();
      CompletableFuture<RaftClientReply> reply =
          unanswered.remove(message.getRpcReply().getCallId());
      if (reply != null) {
        reply.complete(ClientProtoUtils.toRaftClientReply(message));
      }
    }

    @Override
    public void onError(Throwable failure) {
      sayFailed(failure);
      broken(this);
      unanswered.values().forEach(reply -> reply.completeExceptionally(failure));
    }

    @Override
    public void onCompleted() {
      onError(new IllegalStateException("the other member has closed the stream"));
    }
  }
}
