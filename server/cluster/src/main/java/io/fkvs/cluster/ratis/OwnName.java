package io.fkvs.cluster.ratis;

import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotRequestProto;
import org.apache.ratis.proto.RaftProtos.RaftClientRequestProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteRequestProto;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.thirdparty.io.grpc.ForwardingServerCallListener;
import org.apache.ratis.thirdparty.io.grpc.Metadata;
import org.apache.ratis.thirdparty.io.grpc.ServerCall;
import org.apache.ratis.thirdparty.io.grpc.ServerCallHandler;
import org.apache.ratis.thirdparty.io.grpc.ServerInterceptor;
import org.apache.ratis.thirdparty.io.grpc.Status;

/**
 * Refuses requests that are meant for somebody else: for a member that lost its directory, when
 * another one listens in its place. Ratis looks only at the address, and would take the newcomer's
 * answers for those of the member that is gone.
 */
final class OwnName implements ServerInterceptor {
  private final ByteString name;

  OwnName(String name) {
    this.name = ByteString.copyFromUtf8(name);
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> handler) {
    return new ForwardingServerCallListener.SimpleForwardingServerCallListener<>(
        handler.startCall(call, headers)) {
      private boolean refused;

      @Override
      public void onMessage(Q request) {
        if (refused) {
          return;
        }
        if (isForMe(request)) {
          super.onMessage(request);
        } else {
          refused = true;
          call.close(Status.UNAVAILABLE.withDescription("another member is here"), new Metadata());
        }
      }

      @Override
      public void onHalfClose() {
        if (!refused) {
          super.onHalfClose();
        }
      }
    };
  }

  private boolean isForMe(Object request) {
    return switch (request) {
      case AppendEntriesRequestProto append -> isMine(append.getServerRequest().getReplyId());
      case RequestVoteRequestProto vote -> isMine(vote.getServerRequest().getReplyId());
      case InstallSnapshotRequestProto snapshot -> isMine(snapshot.getServerRequest().getReplyId());
      case RaftClientRequestProto proposal -> isMine(proposal.getRpcRequest().getReplyId());
      default -> true;
    };
  }

  private boolean isMine(ByteString to) {
    return name.equals(to);
  }
}
