package io.fkvs.client;

import io.fkvs.wire.Reply;

/**
 * A reply that a {@link Pipeline} waits for. Belongs to the pipeline's thread.
 *
 * @param <T> what the reply says
 */
public final class PendingReply<T> {
  private final Pipeline pipeline;
  private final Call<T> call;
  private boolean isPresent;
  private T value;
  private FkvsException failure;

  PendingReply(Pipeline pipeline, Call<T> call) {
    this.pipeline = pipeline;
    this.call = call;
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
   * @throws IllegalStateException if the client was closed before the reply arrived
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

  /** Takes the reply; throws only what makes the connection unusable. */
  void complete(Reply reply) {
    try {
      value = call.read(reply);
    } catch (FkvsConnectionException e) {
      throw e;
    } catch (FkvsException e) {
      failure = e;
    }
    isPresent = true;
  }

  void fail(FkvsConnectionException failure) {
    this.failure = failure;
    isPresent = true;
  }
}
