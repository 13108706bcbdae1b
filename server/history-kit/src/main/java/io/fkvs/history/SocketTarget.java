package io.fkvs.history;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.fkvs.client.Call;
import io.fkvs.client.ClientConfig;
import io.fkvs.client.FkvsClient;
import io.fkvs.client.FkvsConnectionException;
import io.fkvs.client.FkvsException;
import io.fkvs.client.PendingReply;
import io.fkvs.client.Protocol;
import io.fkvs.history.Answer.Content;
import io.fkvs.history.Answer.Sum;
import io.fkvs.history.Request.Delete;
import io.fkvs.history.Request.Get;
import io.fkvs.history.Request.GetAndDelete;
import io.fkvs.history.Request.Increment;
import io.fkvs.history.Request.Set;
import io.fkvs.wire.ErrorCode;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * Servers behind addresses, asked in classic or compact. The clients are dealt to the addresses in
 * turn.
 *
 * <p>In compact, an error is {@link Answer#REFUSED} where its code says that the value is no number
 * or that the sum does not fit; in classic, which has no codes, where it answers an INCRBY. Every
 * other error leaves the answer unknown, but that classic cannot tell an error from an absent key
 * in the answer to GET. So a server that refuses for other reasons is to be asked in compact.
 *
 * @param addresses the addresses, at least one; copied
 * @param config the protocol and the timeouts of the connections
 */
public record SocketTarget(List<SocketAddress> addresses, ClientConfig config) implements Target {
  /**
   * Creates a target.
   *
   * @throws IllegalArgumentException if there is no address
   */
  public SocketTarget {
    addresses = List.copyOf(addresses);
    if (addresses.isEmpty()) {
      throw new IllegalArgumentException("addresses must not be empty");
    }
  }

  /**
   * Creates a target that is asked in compact.
   *
   * @param addresses the addresses, at least one
   * @return the target
   * @throws IllegalArgumentException if there is no address
   */
  public static SocketTarget of(SocketAddress... addresses) {
    ClientConfig compact = ClientConfig.defaults().withProtocol(Protocol.COMPACT);
    return new SocketTarget(List.of(addresses), compact);
  }

  @Override
  public Session connect(int client) throws IOException {
    SocketAddress address = addresses.get(client % addresses.size());
    try {
      return new Connection(FkvsClient.connect(address, config));
    } catch (FkvsConnectionException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  @Override
  public boolean knowsGetAndDelete() {
    return config.protocol() == Protocol.COMPACT;
  }

  private record Connection(FkvsClient client) implements Session {
    @Override
    public List<Answer> exchange(List<Request> requests) {
      List<PendingReply<?>> replies = new ArrayList<>();
      try {
        for (Request request : requests) {
          replies.add(client.pipeline().queue(call(request)));
        }
        client.pipeline().flush();
      } catch (FkvsConnectionException e) {
        // Those whose reply has not arrived say so below.
      }
      List<Answer> answers = new ArrayList<>();
      for (int i = 0; i < requests.size(); i++) {
        answers.add(i < replies.size() ? answer(requests.get(i), replies.get(i)) : Answer.UNKNOWN);
      }
      return answers;
    }

    @Override
    public void close() {
      client.close();
    }
  }

  private static Call<?> call(Request request) {
    byte[] key = bytes(request.key());
    return switch (request) {
      case Get _ -> Call.get(key);
      case Set set -> Call.set(key, bytes(set.value()));
      case Delete _ -> Call.delete(key);
      case Increment increment -> Call.increment(key, increment.amount());
      case GetAndDelete _ -> Call.getAndRemove(key);
    };
  }

  private static Answer answer(Request request, PendingReply<?> reply) {
    try {
      Object value = reply.value();
      return switch (request) {
        case Get _, GetAndDelete _ -> content((byte[]) value);
        case Increment _ -> new Sum((Long) value);
        case Set _, Delete _ -> Answer.DONE;
      };
    } catch (FkvsConnectionException e) {
      return Answer.UNKNOWN;
    } catch (FkvsException e) {
      return isRefusal(request, e) ? Answer.REFUSED : Answer.UNKNOWN;
    }
  }

  private static boolean isRefusal(Request request, FkvsException error) {
    return request instanceof Increment
        && error
            .code()
            .map(code -> code == ErrorCode.NOT_AN_INTEGER || code == ErrorCode.OVERFLOW)
            .orElse(true);
  }

  private static Content content(byte[] value) {
    return value == null ? Content.ABSENT : new Content(new String(value, ISO_8859_1));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(ISO_8859_1);
  }
}
