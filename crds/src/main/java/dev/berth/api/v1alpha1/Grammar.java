package dev.berth.api.v1alpha1;

import dev.berth.policy.Retention;

/** The grammar of the strings in the three kinds, as patterns of their schema. */
public final class Grammar {

  private static final String NAME = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
  private static final String PART = "[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*";
  private static final String REPOSITORY = PART + "(/" + PART + ")*";
  private static final String TENANT_PART = "(" + PART + "|\\{namespace\\})";

  /** Go-style duration, for example {@code 168h} or {@code 1h30m}. */
  public static final String DURATION = "^([0-9]+(\\.[0-9]+)?(ms|s|m|h))+$";

  /** Name of a Kubernetes object: a DNS subdomain. */
  public static final String OBJECT_NAME =
      "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$";

  /** Name of a namespace: a DNS label. */
  public static final String NAMESPACE_NAME = "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$";

  /** Key in the data of a Secret. */
  public static final String SECRET_KEY = "^[-._a-zA-Z0-9]+$";

  /** Kind of a Kubernetes object. */
  public static final String KIND = "^[A-Z][A-Za-z0-9]*$";

  /** An amount of bytes or of a resource, not negative, of a length that can be reckoned with. */
  public static final String QUANTITY =
      "^[0-9]{1,19}(\\.[0-9]{1,9})?([KMGTPE]i|[numkMGTPE]|[eE][0-9]{1,2})?$";

  /** A DNS name or IP address, an IPv6 one in brackets, with an optional port. */
  public static final String HOST =
      "^(" + NAME + "(\\." + NAME + ")*|\\[[0-9a-fA-F:.]+\\])(:[1-9][0-9]{0,4})?$";

  /** URL of the schemes http and https. */
  public static final String HTTP_URL = "^https?://[^\\s/?#]+[^\\s]*$";

  /** URL of the scheme https. */
  public static final String HTTPS_URL = "^https://[^\\s/?#]+[^\\s]*$";

  /** URL of a directory server. */
  public static final String LDAP_URL = "^ldaps?://[^\\s/?#]+$";

  /** Name of an attribute of a directory. */
  public static final String LDAP_ATTRIBUTE = "^[a-zA-Z][-a-zA-Z0-9]*$";

  /** Name of a bucket, as S3 allows it. */
  public static final String BUCKET = "^[a-z0-9][-.a-z0-9]{1,61}[a-z0-9]$";

  /** What the keys of objects start with: path parts, each with its slash. */
  public static final String S3_PREFIX = "^([A-Za-z0-9!_.*'()-]+/)*$";

  /** Region of an object store. */
  public static final String REGION = "^[A-Za-z0-9-]+$";

  /** Name of a repository, by the grammar of the OCI distribution specification. */
  public static final String PATH = "^" + REPOSITORY + "$";

  /** What {@link dev.berth.policy.PathPattern} matches. */
  public static final String PATH_PATTERN = "^(\\*\\*|" + REPOSITORY + "(/\\*\\*)?)$";

  /** A path pattern in which the declaring namespace may be a part. */
  public static final String TENANCY_PATH =
      "^(\\*\\*|" + TENANT_PART + "(/" + TENANT_PART + ")*(/\\*\\*)?)$";

  /** Glob of tags. */
  public static final String TAG_GLOB = "^[A-Za-z0-9_.*?-]+$";

  /** Cron expression of five fields. */
  public static final String CRON = Retention.SCHEDULE;

  /** From 0% to 100%. */
  public static final String PERCENTAGE = "^(100|[1-9]?[0-9])%$";

  /** Media type without parameters. */
  public static final String MEDIA_TYPE =
      "^[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]*/[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]*$";

  /** Type of a condition, as Kubernetes writes it. */
  public static final String CONDITION_TYPE = "^[A-Z][A-Za-z0-9]*$";

  /** Reason of a condition, as Kubernetes writes it. */
  public static final String CONDITION_REASON = "^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$";

  private Grammar() {}
}
