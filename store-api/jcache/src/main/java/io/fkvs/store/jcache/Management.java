package io.fkvs.store.jcache;

import javax.cache.configuration.CompleteConfiguration;
import javax.cache.management.CacheMXBean;

/** Tells the configuration of a cache through JMX. */
record Management(Settings<?, ?> settings) implements CacheMXBean {
  private CompleteConfiguration<?, ?> fixed() {
    return settings.fixed();
  }

  @Override
  public String getKeyType() {
    return fixed().getKeyType().getName();
  }

  @Override
  public String getValueType() {
    return fixed().getValueType().getName();
  }

  @Override
  public boolean isReadThrough() {
    return fixed().isReadThrough();
  }

  @Override
  public boolean isWriteThrough() {
    return fixed().isWriteThrough();
  }

  @Override
  public boolean isStoreByValue() {
    return fixed().isStoreByValue();
  }

  @Override
  public boolean isStatisticsEnabled() {
    return settings.isStatisticsEnabled();
  }

  @Override
  public boolean isManagementEnabled() {
    return settings.isManagementEnabled();
  }
}
