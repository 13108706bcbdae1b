package io.fkvs.store.jcache;

import java.lang.management.ManagementFactory;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.management.InstanceAlreadyExistsException;
import javax.management.InstanceNotFoundException;
import javax.management.JMException;
import javax.management.ObjectName;

/**
 * An MXBean of a cache in the platform's server, under the name that the standard gives it. Guarded
 * by itself.
 *
 * <p>Managers of the same URI with different class loaders share their names. The first bean stays;
 * the others are not there.
 */
final class Bean {
  private final Object bean;
  private final ObjectName name;
  private boolean isRegistered;

  /**
   * Names a bean, and registers nothing.
   *
   * @param type {@code CacheConfiguration} or {@code CacheStatistics}
   */
  Bean(Object bean, String type, Cache<?, ?> cache) {
    this.bean = bean;
    String manager = quoted(cache.getCacheManager().getURI().toString());
    try {
      name =
          new ObjectName(
              "javax.cache:type="
                  + type
                  + ",CacheManager="
                  + manager
                  + ",Cache="
                  + quoted(cache.getName()));
    } catch (JMException e) {
      throw new CacheException("cache has no name in JMX: cache=" + cache.getName(), e);
    }
  }

  /** The standard's way: what would end a name, or make it a pattern, becomes a point. */
  private static String quoted(String text) {
    return text.replaceAll("[,:=\n*?\"]", ".");
  }

  synchronized void register(boolean registered) {
    try {
      if (registered && !isRegistered) {
        ManagementFactory.getPlatformMBeanServer().registerMBean(bean, name);
      } else if (!registered && isRegistered) {
        ManagementFactory.getPlatformMBeanServer().unregisterMBean(name);
      }
      isRegistered = registered;
    } catch (InstanceAlreadyExistsException | InstanceNotFoundException e) {
      isRegistered = false;
    } catch (JMException e) {
      throw new CacheException("bean cannot be registered: name=" + name, e);
    }
  }
}
