package io.fkvs.store.jcache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.util.concurrent.atomic.AtomicInteger;
import javax.cache.CacheManager;
import javax.cache.configuration.MutableConfiguration;
import org.junit.jupiter.api.Test;
import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.cache.jcache.JCacheCacheManager;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Spring's caching over the provider. */
class SpringTest {
  @Configuration
  @EnableCaching
  static class Application {
    @Bean(destroyMethod = "close")
    CacheManager jcacheManager() {
      CacheManager manager = new FkvsCachingProvider().getCacheManager();
      manager.createCache("squares", new MutableConfiguration<Object, Object>());
      manager.createCache("sums", new MutableConfiguration<Object, Object>());
      return manager;
    }

    @Bean
    JCacheCacheManager cacheManager(CacheManager jcacheManager) {
      return new JCacheCacheManager(jcacheManager);
    }

    @Bean
    Calculator calculator() {
      return new Calculator();
    }
  }

  static class Calculator {
    final AtomicInteger calls = new AtomicInteger();

    @Cacheable("squares")
    public Integer square(int number) {
      calls.incrementAndGet();
      return number < 0 ? null : number * number;
    }

    @Cacheable(cacheNames = "sums", sync = true)
    public long sum(String first, int second) {
      calls.incrementAndGet();
      return first.length() + second;
    }

    @CacheEvict(cacheNames = "squares", allEntries = true)
    public void forget() {}

    public int calls() {
      return calls.get();
    }
  }

  @Test
  void shouldCacheWhatMethodsAnswer() {
    try (var context = new AnnotationConfigApplicationContext(Application.class)) {
      Calculator calculator = context.getBean(Calculator.class);
      assertEquals(9, calculator.square(3));
      assertEquals(9, calculator.square(3));
      assertEquals(1, calculator.calls());
      calculator.square(-1);
      calculator.square(-1);
      assertEquals(2, calculator.calls());
      calculator.forget();
      assertEquals(9, calculator.square(3));
      assertEquals(3, calculator.calls());
    }
  }

  @Test
  void shouldCacheByKeysOfSeveralParts() {
    try (var context = new AnnotationConfigApplicationContext(Application.class)) {
      Calculator calculator = context.getBean(Calculator.class);
      assertEquals(5, calculator.sum("ada", 2));
      assertEquals(5, calculator.sum(new String("ada".toCharArray()), 2));
      assertEquals(6, calculator.sum("ada", 3));
      assertEquals(2, calculator.calls());
    }
  }

  @Test
  void shouldReachCachesThroughSpringsOwnInterface() {
    try (var context = new AnnotationConfigApplicationContext(Application.class)) {
      JCacheCacheManager manager = context.getBean(JCacheCacheManager.class);
      org.springframework.cache.Cache cache = manager.getCache("squares");
      assertNotNull(cache);
      cache.put("ada", "1");
      assertEquals("1", cache.get("ada", String.class));
      assertEquals("1", cache.putIfAbsent("ada", "2").get());
      assertEquals("3", cache.get("bob", () -> "3"));
      assertInstanceOf(FkvsCache.class, cache.getNativeCache());
    }
  }
}
