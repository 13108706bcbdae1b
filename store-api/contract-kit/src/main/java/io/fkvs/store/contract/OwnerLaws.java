package io.fkvs.store.contract;

import io.fkvs.store.Store;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import net.jqwik.api.Example;

/** A store belongs to the thread that uses it first, until it is handed over. */
interface OwnerLaws extends Laws {
  private Store openStore() {
    return open(config(new TestClock()));
  }

  /** Runs something in a thread of its own and waits for its end. */
  private static void inAnotherThread(Runnable action) {
    CompletableFuture<Void> end = new CompletableFuture<>();
    Thread thread =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    action.run();
                    end.complete(null);
                  } catch (RuntimeException | Error e) {
                    end.completeExceptionally(e);
                  }
                });
    try {
      thread.join();
      end.join();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    } catch (CompletionException e) {
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw (RuntimeException) e.getCause();
    }
  }

  private static void checkRefused(String what, Runnable action) {
    Check.throwing(WrongThreadException.class, what, () -> inAnotherThread(action));
  }

  @Example
  default void shouldRefuseAnotherThread() {
    try (Store store = openStore()) {
      store.put("key", "value");
      checkRefused("get in another thread", () -> store.get("key"));
      checkRefused("put in another thread", () -> store.put("key", "other"));
      checkRefused("remove in another thread", () -> store.remove("key"));
      checkRefused("size in another thread", store::size);
      checkRefused("close in another thread", store::close);
      Check.equal("value", "value", store.get("key"));
    }
  }

  @Example
  default void shouldBelongToWhoComesAfterAHandOver() {
    Store store = openStore();
    store.put("key", "value");
    store.handOver();
    inAnotherThread(
        () -> {
          Check.equal("value in the next thread", "value", store.get("key"));
          store.put("key", "other");
          store.handOver();
        });
    Check.equal("value", "other", store.get("key"));
    store.close();
  }

  @Example
  default void shouldBelongToWhoComesAfterItsOwnerHasEnded() {
    Store store = openStore();
    inAnotherThread(() -> store.put("key", "value"));
    Check.equal("value", "value", store.get("key"));
    checkRefused("get in another thread", () -> store.get("key"));
    store.close();
  }
}
