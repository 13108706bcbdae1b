package io.fkvs.server.loop;

import io.fkvs.server.access.ClientAuthentication;
import io.fkvs.server.access.Password;
import io.fkvs.server.buffer.BufferPool;
import io.fkvs.server.buffer.Output;
import io.fkvs.server.buffer.Shortage;
import io.fkvs.server.command.Agreement;
import io.fkvs.server.command.CommandExecutor;
import io.fkvs.server.command.Conversation;
import io.fkvs.server.command.CycleBudget;
import io.fkvs.server.command.Effects;
import io.fkvs.server.command.Input;
import io.fkvs.server.command.Latencies;
import io.fkvs.server.command.Protocols;
import io.fkvs.server.command.RequestBatch;
import io.fkvs.server.command.RequestCounters;
import io.fkvs.server.command.Sharing;
import io.fkvs.server.limits.Limits;
import io.fkvs.server.protocol.Authentication;
import io.fkvs.server.protocol.Endpoint;
import io.fkvs.server.protocol.Figures;
import io.fkvs.server.protocol.ProtocolProvider;
import io.fkvs.server.protocol.Session;
import io.fkvs.server.protocol.SlowRequests;
import io.fkvs.server.transport.Channel;
import io.fkvs.server.transport.Transport;
import io.fkvs.store.Store;
import java.util.List;
import java.util.function.Supplier;

/**
 * What a connection needs of its event loop, and shares with the others there: put together in this
 * one place. Belongs to the thread of the event loop.
 */
public final class LoopContext {
  private final Store store;
  private final Effects effects;
  private final Sharing sharing;
  private final Agreement agreement;
  private final BufferPool pool;
  private final CycleClock clock;
  private final Admission admission;
  private final Password password;
  private final Timeouts timeouts;
  private final Protocols protocols;
  private final RequestBatch batch;
  private final Dispatcher dispatcher;
  private final Shortage shortage;
  private final ClientLog clientLog;

  /** The protocol of the listeners beside the main one, or {@code null}. */
  private final Endpoint endpoint;

  private final Clients clients = new Clients();
  private final CycleBudget serveBudget = new CycleBudget();
  private final CycleBudget sendBudget = new CycleBudget();
  private final LoopCounters counters = new LoopCounters();
  private final RequestCounters requestCounters = new RequestCounters();
  private final Latencies latencies = new Latencies(requestCounters);

  /**
   * What differs from loop to loop beside its store, its memory and its clock.
   *
   * @param maxValueBytes the length of the longest value that the store takes
   * @param idleMs how long a client may send nothing, {@link TimeoutQueue#NEVER} for ever
   * @param requestMs how long a request may take to arrive, {@link TimeoutQueue#NEVER} for ever
   * @param admission who may connect
   * @param info writes the text that answers INFO
   * @param password what clients have to say, {@code null} for nothing
   * @param guest a protocol with a listener of its own, {@code null} for none
   */
  public record Rules(
      int maxValueBytes,
      long idleMs,
      long requestMs,
      Admission admission,
      Supplier<String> info,
      Password password,
      Guest guest) {
    /** Rules without a protocol that has a listener of its own. */
    public Rules(
        int maxValueBytes,
        long idleMs,
        long requestMs,
        Admission admission,
        Supplier<String> info,
        Password password) {
      this(maxValueBytes, idleMs, requestMs, admission, info, password, null);
    }
  }

  /**
   * A protocol with a listener of its own.
   *
   * @param provider opens it
   * @param figures what it may tell of the server
   * @param stop lets the server stop
   * @param slowRequests which requests it is to remember for being slow
   * @param endpoints what it has opened in the loops of the server, in their order
   */
  public record Guest(
      ProtocolProvider provider,
      Supplier<Figures> figures,
      Runnable stop,
      SlowRequests slowRequests,
      List<Endpoint> endpoints) {
    private Endpoint open(LoopContext loop, int maxValueBytes) {
      Endpoint endpoint = provider.open(new LoopHost(loop, this, maxValueBytes));
      endpoints.add(endpoint);
      return endpoint;
    }
  }

  /** Puts a loop together whose store memory alone holds. */
  public LoopContext(Store store, BufferPool pool, CycleClock clock, Rules rules) {
    this(store, Effects.IN_MEMORY, Sharing.NONE, Agreement.NONE, pool, clock, rules);
  }

  /**
   * Puts a loop together.
   *
   * @param store what the requests work on, for the last of the loops that share it to close
   * @param effects how what they do becomes durable
   * @param sharing how it is shared
   * @param agreement who else has to agree to requests
   * @param pool lends the memory of the clients, for the loop to close
   * @param clock the time, which the loop advances
   */
  public LoopContext(
      Store store,
      Effects effects,
      Sharing sharing,
      Agreement agreement,
      BufferPool pool,
      CycleClock clock,
      Rules rules) {
    this.store = store;
    this.effects = effects;
    this.sharing = sharing;
    this.agreement = agreement;
    this.pool = pool;
    this.clock = clock;
    admission = rules.admission();
    password = rules.password();
    timeouts = new Timeouts(rules.idleMs(), rules.requestMs());
    protocols = new Protocols(rules.maxValueBytes(), pool, password == null);
    shortage = new Shortage(pool);
    clientLog = new ClientLog(counters, clock);
    CommandExecutor executor =
        new CommandExecutor(store, sharing, requestCounters, shortage, rules.info());
    endpoint = rules.guest() == null ? null : rules.guest().open(this, rules.maxValueBytes());
    batch =
        new RequestBatch(
            store, effects, sharing, agreement, executor, serveBudget, requestCounters, endpoint);
    dispatcher = new Dispatcher(batch, effects, serveBudget, sendBudget, shortage, clock);
    agreement.open(store, batch, this::stranger);
  }

  /** A client of other servers, which speaks the guest's protocol or one of the main listener. */
  private Conversation stranger(int protocol) {
    if (protocol == Agreement.GUEST && endpoint == null) {
      throw new IllegalStateException(
          "clients of other members speak a protocol that is not installed here");
    }
    Authentication served = ClientAuthentication.NOT_REQUIRED;
    Session session = protocol == Agreement.GUEST ? endpoint.stranger(served) : null;
    Input input =
        session == null
            ? Input.of(protocols, protocol, pool, requestCounters)
            : new Input(protocols, pool, requestCounters, session);
    return new Conversation(input, Output.nowhere(pool), session, served);
  }

  /** The session of a client who did not come to the main listener, {@code null} of one who did. */
  Session session(Channel channel, Authentication authentication) {
    return channel.listener() == Transport.MAIN_LISTENER
        ? null
        : endpoint.connect(channel.peer(), authentication);
  }

  /** Makes a client of a channel that was let in. */
  Connection connect(Channel channel) {
    Connection connection = new Connection(channel, this);
    counters.connections++;
    clients.add(connection);
    admission.onConnected(connection, this);
    return connection;
  }

  /**
   * How many bytes of replies may wait for one client: a quarter of what is left for all, so that
   * one slow reader may fall far behind and many may not exhaust the memory (the dynamic threshold
   * of shared-memory packet switches, Choudhury and Hahne 1998). None where there is no buffer
   * left.
   */
  long unreadLimit() {
    return pool.admits(Limits.SMALLEST_BUFFER_BYTES)
        ? Math.max(Limits.SMALLEST_BUFFER_BYTES, pool.roomBytes() / Limits.UNREAD_PART)
        : 0;
  }

  public Store store() {
    return store;
  }

  /** How what requests do becomes durable. */
  Effects effects() {
    return effects;
  }

  /** How the loop shares the store with others. */
  Sharing sharing() {
    return sharing;
  }

  /** Who else has to agree to requests. */
  public Agreement agreement() {
    return agreement;
  }

  public BufferPool pool() {
    return pool;
  }

  public CycleClock clock() {
    return clock;
  }

  public Clients clients() {
    return clients;
  }

  public Shortage shortage() {
    return shortage;
  }

  public LoopCounters counters() {
    return counters;
  }

  public RequestCounters requestCounters() {
    return requestCounters;
  }

  public Latencies latencies() {
    return latencies;
  }

  /** The protocol of the listeners beside the main one, or {@code null}. */
  public Endpoint endpoint() {
    return endpoint;
  }

  /** What clients have to say, {@code null} for nothing. */
  Password password() {
    return password;
  }

  Admission admission() {
    return admission;
  }

  Timeouts timeouts() {
    return timeouts;
  }

  Protocols protocols() {
    return protocols;
  }

  ClientLog clientLog() {
    return clientLog;
  }

  Dispatcher dispatcher() {
    return dispatcher;
  }

  RequestBatch batch() {
    return batch;
  }

  /** What requests and their replies may move in a cycle. */
  CycleBudget serveBudget() {
    return serveBudget;
  }

  /** What may be handed to channels in a cycle. */
  CycleBudget sendBudget() {
    return sendBudget;
  }
}
