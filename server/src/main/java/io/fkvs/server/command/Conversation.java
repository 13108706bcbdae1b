package io.fkvs.server.command;

import io.fkvs.server.buffer.Output;
import io.fkvs.server.protocol.Authentication;
import io.fkvs.server.protocol.Session;
import io.fkvs.wire.Request;
import java.util.function.BooleanSupplier;

/**
 * The requests of one client and the replies to them, as {@link RequestBatch} sees a client: bytes
 * are decoded from the {@linkplain #input input}, replies are encoded to the {@linkplain #output
 * output}. It knows how many replies the client may have now, and which of its requests were held
 * back. Belongs to the thread of the event loop.
 */
public final class Conversation {
  private final Input input;
  private final Output output;
  private final Session session;
  private final Authentication authentication;

  /** Where the output stops to take replies; 0 for none. */
  private long replyLimit;

  private boolean isHeldBack;
  private boolean awaitsDisk;
  private long decodedRequests;
  private Throwable failure;

  /** How many requests have what they waited for: the verdict. */
  private int decided;

  private Agreement.Verdict verdict;
  private boolean isOwed;
  private boolean awaitsAgreement;
  private BooleanSupplier onDecided = () -> false;

  /**
   * Creates a conversation without a word.
   *
   * @param session carries out the requests of a protocol with a listener of its own; {@code null}
   *     for the protocols that share the main one
   * @param authentication whether the client may be served
   */
  public Conversation(Input input, Output output, Session session, Authentication authentication) {
    this.input = input;
    this.output = output;
    this.session = session;
    this.authentication = authentication;
  }

  public Input input() {
    return input;
  }

  public Output output() {
    return output;
  }

  /** Whether the client may be served. */
  public Authentication authentication() {
    return authentication;
  }

  /** What a listener of its own speaks with the client, {@code null} on the main one. */
  public Session session() {
    return session;
  }

  /** What the session holds beyond the bytes of input and output. */
  public long heldBytes() {
    return session == null ? 0 : session.heldBytes();
  }

  /**
   * Begins the client's part in a cycle.
   *
   * @param replyLimit how many bytes of replies may wait for the client
   */
  public void begin(long replyLimit) {
    this.replyLimit = replyLimit;
    output.wantNothing();
  }

  /** Ends it: no request of the client is carried out any more. */
  public void close() {
    replyLimit = 0;
    if (session != null) {
      session.close();
    }
  }

  /** Says whether one more request of the client may be carried out in this cycle. */
  boolean mayReply() {
    return output.length() < replyLimit;
  }

  /**
   * Decodes the next request and steps over it.
   *
   * @return whether it was complete
   */
  boolean decode(Request request) {
    boolean isComplete = input.decode(request, output);
    if (isComplete) {
      decodedRequests++;
    }
    return isComplete;
  }

  /** How many requests were decoded; one that was held back counts each time. */
  public long decodedRequests() {
    return decodedRequests;
  }

  // ---- requests that have to wait

  /** Begins to decode: what had been held back is decoded anew. */
  void collect() {
    isHeldBack = false;
    awaitsDisk = false;
    awaitsAgreement = false;
  }

  /** Takes back the request at an offset of the input, and those behind it. */
  void handBack(long offset) {
    input.handBack(offset);
    isHeldBack = input.hasRest();
  }

  /** Takes back what is not decoded yet. */
  void handBackRest() {
    handBack(input.offset());
  }

  /** The request at hand has to wait, and all behind it, until there is memory for its reply. */
  void awaitMemory() {
    replyLimit = 0;
  }

  /** The request at hand has to wait, and all behind it, until the disk has caught up. */
  void awaitDisk() {
    replyLimit = 0;
    awaitsDisk = true;
  }

  /** Says whether requests were held back because too much waits for the disk. */
  public boolean awaitsDisk() {
    return awaitsDisk;
  }

  /** The request at hand has to wait, and all behind it, until other servers agree to it. */
  void awaitAgreement() {
    replyLimit = 0;
    awaitsAgreement = true;
  }

  /** Says whether requests were held back because other servers have to agree to the first. */
  public boolean awaitsAgreement() {
    return awaitsAgreement;
  }

  /** Says whether bytes that were received wait to be decoded and carried out. */
  public boolean isHeldBack() {
    return isHeldBack;
  }

  // ---- what other servers agreed to

  /**
   * Sets what lets the client go on with requests that were held back, where it has not gone; it
   * answers whether it did.
   */
  public void onDecided(BooleanSupplier goesOn) {
    onDecided = goesOn;
  }

  /**
   * Lets the client go on with the requests that other servers had to agree to.
   *
   * @param count how many
   * @param decision what becomes of them
   * @param mustFollow whether they must be carried out now, whatever becomes of their replies
   * @return whether the client is still there
   */
  public boolean decide(int count, Agreement.Verdict decision, boolean mustFollow) {
    decided = count;
    verdict = decision;
    isOwed = mustFollow;
    return onDecided.getAsBoolean();
  }

  /** How many of its next requests are decided. */
  public int decided() {
    return decided;
  }

  /** What becomes of the next request, if it is decided. */
  public Agreement.Verdict verdict() {
    return verdict;
  }

  /** Says whether the next request must be carried out, whatever becomes of its reply. */
  boolean isOwed() {
    return decided > 0 && isOwed;
  }

  /** The next request was carried out, or refused. */
  void follow() {
    if (decided > 0) {
      decided--;
    }
  }

  // ---- the end

  /** There was no memory for a reply, of which a part may be written. */
  void fail(Throwable cause) {
    failure = cause;
    replyLimit = 0;
  }

  /** Why the client cannot be answered any more, {@code null} where it can. */
  public Throwable failure() {
    return failure;
  }
}
