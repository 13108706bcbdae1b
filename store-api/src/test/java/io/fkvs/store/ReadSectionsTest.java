package io.fkvs.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class ReadSectionsTest {
  private final ReadSections sections = new ReadSections();

  @Test
  void shouldWaitForASectionThatIsUnderWay() throws InterruptedException {
    AtomicBoolean isLeft = new AtomicBoolean();
    AtomicBoolean wasLeft = new AtomicBoolean();
    CountDownLatch ready = new CountDownLatch(1);
    int section = sections.enter();
    Thread waiting =
        Thread.ofPlatform()
            .start(
                () -> {
                  ready.countDown();
                  sections.await();
                  wasLeft.set(isLeft.get());
                });
    ready.await();
    for (int i = 0; i < 10_000 && waiting.isAlive(); i++) {
      Thread.yield(); // gives a wait that does not wait its time to end
    }
    isLeft.set(true);
    sections.leave(section);
    waiting.join();
    assertTrue(wasLeft.get());
  }

  @Test
  void shouldWaitForNobodyWhereAllHaveLeft() {
    for (int i = 0; i < 100; i++) {
      sections.leave(sections.enter());
      sections.await();
    }
  }

  /** A second section at the same counter would make it even. */
  @Test
  void shouldDoWithoutASectionWhereTooManyAreUnderWay() {
    List<Integer> entered = new ArrayList<>();
    for (int at = sections.enter(); at != ReadSections.NONE; at = sections.enter()) {
      assertTrue(!entered.contains(at));
      entered.add(at);
    }
    sections.leave(entered.removeFirst());
    assertNotEquals(ReadSections.NONE, sections.enter());
    assertEquals(ReadSections.NONE, sections.enter());
  }
}
