package io.fkvs.client;

import io.fkvs.wire.Command;
import io.fkvs.wire.Reply;

/**
 * A reply that a {@link Pipeline} waits for. One thread at a time, together with the pipeline.
 *
 * @param <T> what the reply says
 */
public final class PendingReply<T> {
  private final Pipeline pipeline;
  private final Command command;
  private final Answer<T> answer;
  private boolean isPresent;
  private T value;
  private FkvsException failure;

  PendingReply(Pipeline pipeline, Command command, Answer<T> answer) {
    this.pipeline = pipeline;
    this.command = command;
    this.answer = answer;
  }

  /**
   * Says whether the reply has arrived.
   *
   * @return whether {@link #value} answers without waiting
   */
  public boolean isPresent() {
    return isPresent;
  }

  /**
   * What the reply says; sends what is queued and waits where it has not arrived yet.
   *
   * @return the value, {@code null} where the call says so
   * @throws FkvsException if the server refused
   * @throws FkvsConnectionException if the connection broke before the reply arrived
   * @throws IllegalStateException if the client was closed before the reply arrived, or is in use
   *     by another thread
   */
  public T value() {
    if (!isPresent) {
      pipeline.flush();
    }
    if (failure != null) {
      throw failure;
    }
    return value;
  }

  /**
   * Takes a reply; throws only what makes the connection unusable.
   *
   * @return whether it was the last
   */
  boolean take(Reply reply) {
    try {
      value = answer.of(command, reply);
      isPresent = !answer.needsMore();
    } catch (FkvsConnectionException e) {
      throw e;
    } catch (FkvsException e) {
      failure = e;
      isPresent = true;
    }
    return isPresent;
  }

  void fail(FkvsConnectionException failure) {
    this.failure = failure;
    isPresent = true;
  }
}
