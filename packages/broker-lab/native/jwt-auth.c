/*
 * Mosquitto 2 plugin: the password of a client is a JSON Web Token (RFC 7519), HS256 or ES256, signed by a key that is
 * named in the configuration. The subject becomes the user name, for which access rules are written.
 *
 *   plugin_opt_hs256_secret_file  octets of the secret, at least 32
 *   plugin_opt_es256_key_file     public key of P-256, PEM
 *   plugin_opt_audience           `aud` must be or contain this
 *   plugin_opt_own_client_id      true: the client id is the subject, or has it as its third part (a.b.subject[.more])
 *
 * Nothing of a token or a secret is ever logged. `exp` is checked when a client connects.
 */
#include <cjson/cJSON.h>
#include <mosquitto_broker.h>
#include <mosquitto_plugin.h>
#include <mosquitto.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_TOKEN = 8192, MAX_SECRET = 4096, MIN_SECRET = 32, LEEWAY_S = 0 };

struct settings {
  mosquitto_plugin_id_t *id;
  unsigned char secret[MAX_SECRET];
  size_t secret_length;
  EVP_PKEY *key;
  char *audience;
  bool own_client_id;
};

/* Decodes base64url without padding (RFC 7515); the length, or -1. `out` has room for three quarters of `length`. */
static long decode(const char *text, size_t length, unsigned char *out) {
  unsigned long bits = 0;
  int held = 0;
  long n = 0;
  if (length % 4 == 1) return -1;
  for (size_t i = 0; i < length; i++) {
    const char c = text[i];
    unsigned long value;
    if (c >= 'A' && c <= 'Z') value = (unsigned long)(c - 'A');
    else if (c >= 'a' && c <= 'z') value = (unsigned long)(c - 'a' + 26);
    else if (c >= '0' && c <= '9') value = (unsigned long)(c - '0' + 52);
    else if (c == '-') value = 62;
    else if (c == '_') value = 63;
    else return -1;
    bits = (bits << 6 | value) & 0xffffff;
    held += 6;
    if (held >= 8) {
      held -= 8;
      out[n++] = (unsigned char)(bits >> held & 0xff);
    }
  }
  return n;
}

/* One part of a token as JSON; NULL where it is none, or where a text in it could end before its end. */
static cJSON *parse_part(const char *text, size_t length) {
  unsigned char json[MAX_TOKEN];
  const long n = decode(text, length, json);
  if (n < 0 || memchr(json, 0, (size_t)n) != NULL) return NULL;
  json[n] = 0;
  if (strstr((const char *)json, "\\u0000") != NULL) return NULL;
  return cJSON_ParseWithLengthOpts((const char *)json, (size_t)n + 1, NULL, 1);
}

static bool hs256(const struct settings *s, const char *token, size_t signed_length, const unsigned char *sig, long n) {
  unsigned char mac[EVP_MAX_MD_SIZE];
  unsigned length = 0;
  if (s->secret_length == 0 || n != 32) return false;
  if (HMAC(EVP_sha256(), s->secret, (int)s->secret_length, (const unsigned char *)token, signed_length, mac, &length) == NULL)
    return false;
  return length == 32 && CRYPTO_memcmp(mac, sig, 32) == 0;
}

static bool es256(const struct settings *s, const char *token, size_t signed_length, const unsigned char *sig, long n) {
  if (s->key == NULL || n != 64) return false;
  bool good = false;
  unsigned char *der = NULL;
  ECDSA_SIG *pair = ECDSA_SIG_new();
  BIGNUM *r = BN_bin2bn(sig, 32, NULL);
  BIGNUM *half = BN_bin2bn(sig + 32, 32, NULL);
  EVP_MD_CTX *context = EVP_MD_CTX_new();
  if (pair != NULL && r != NULL && half != NULL && context != NULL && ECDSA_SIG_set0(pair, r, half) == 1) {
    r = half = NULL;
    const int length = i2d_ECDSA_SIG(pair, &der);
    good = length > 0 && EVP_DigestVerifyInit(context, NULL, EVP_sha256(), NULL, s->key) == 1 &&
           EVP_DigestVerify(context, der, (size_t)length, (const unsigned char *)token, signed_length) == 1;
  }
  BN_free(r);
  BN_free(half);
  ECDSA_SIG_free(pair);
  EVP_MD_CTX_free(context);
  OPENSSL_free(der);
  return good;
}

static const char *text_of(const cJSON *object, const char *name) {
  const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, name);
  return cJSON_IsString(item) ? item->valuestring : NULL;
}

static bool is_for(const cJSON *claims, const char *audience) {
  if (audience == NULL) return true;
  const cJSON *aud = cJSON_GetObjectItemCaseSensitive(claims, "aud");
  const cJSON *one = NULL;
  if (cJSON_IsString(aud)) return strcmp(aud->valuestring, audience) == 0;
  cJSON_ArrayForEach(one, aud) {
    if (cJSON_IsString(one) && strcmp(one->valuestring, audience) == 0) return true;
  }
  return false;
}

/* Whether a client id belongs to a subject: the subject itself, or `contract.role.subject` with or without more. */
static bool is_own_id(const char *id, const char *subject) {
  if (id == NULL) return false;
  if (strcmp(id, subject) == 0) return true;
  const char *dot = strchr(id, '.');
  dot = dot == NULL ? NULL : strchr(dot + 1, '.');
  const size_t length = strlen(subject);
  return dot != NULL && strncmp(dot + 1, subject, length) == 0 && (dot[1 + length] == 0 || dot[1 + length] == '.');
}

/* Why a token is refused; NULL where it is good, with its subject in `subject`, to be freed. */
static const char *refuse(const struct settings *s, const char *token, char **subject) {
  const char *dot1 = strchr(token, '.');
  const char *dot2 = dot1 == NULL ? NULL : strchr(dot1 + 1, '.');
  if (dot2 == NULL || strchr(dot2 + 1, '.') != NULL || strlen(token) >= MAX_TOKEN) return "it is no token";
  unsigned char signature[MAX_TOKEN];
  const long n = decode(dot2 + 1, strlen(dot2 + 1), signature);
  cJSON *header = parse_part(token, (size_t)(dot1 - token));
  const char *alg = text_of(header, "alg");
  bool good = false;
  /* The key decides the algorithm: a public key is never used as a secret, and `none` is none of these. */
  if (alg != NULL && cJSON_GetObjectItemCaseSensitive(header, "crit") == NULL) {
    if (strcmp(alg, "HS256") == 0) good = hs256(s, token, (size_t)(dot2 - token), signature, n);
    else if (strcmp(alg, "ES256") == 0) good = es256(s, token, (size_t)(dot2 - token), signature, n);
  }
  cJSON_Delete(header);
  if (!good) return "its signature is not ours";
  cJSON *claims = parse_part(dot1 + 1, (size_t)(dot2 - dot1 - 1));
  const cJSON *exp = cJSON_GetObjectItemCaseSensitive(claims, "exp");
  const cJSON *nbf = cJSON_GetObjectItemCaseSensitive(claims, "nbf");
  const char *sub = text_of(claims, "sub");
  const double now = (double)time(NULL);
  const char *why = NULL;
  if (sub == NULL || sub[0] == 0 || strpbrk(sub, "+#/") != NULL) why = "its subject is no user name";
  else if (!cJSON_IsNumber(exp) || exp->valuedouble + LEEWAY_S <= now) why = "it has expired";
  else if (nbf != NULL && (!cJSON_IsNumber(nbf) || nbf->valuedouble > now + LEEWAY_S)) why = "it is not valid yet";
  else if (!is_for(claims, s->audience)) why = "it is for somebody else";
  else *subject = strdup(sub);
  cJSON_Delete(claims);
  return why;
}

static int on_auth(int event, void *data, void *userdata) {
  (void)event;
  struct mosquitto_evt_basic_auth *asked = data;
  const struct settings *s = userdata;
  char *subject = NULL;
  const char *why = asked->password == NULL ? "there is none" : refuse(s, asked->password, &subject);
  if (why == NULL && subject == NULL) return MOSQ_ERR_NOMEM;
  if (why == NULL && asked->username != NULL && strcmp(asked->username, subject) != 0) why = "it is for another user name";
  if (why == NULL && s->own_client_id && !is_own_id(mosquitto_client_id(asked->client), subject)) why = "the client id is another's";
  if (why != NULL) mosquitto_log_printf(MOSQ_LOG_NOTICE, "jwt-auth: token refused: %s", why);
  const int set = why != NULL ? MOSQ_ERR_AUTH : mosquitto_set_username(asked->client, subject);
  free(subject);
  return set == MOSQ_ERR_SUCCESS ? MOSQ_ERR_SUCCESS : MOSQ_ERR_AUTH;
}

static bool read_secret(struct settings *s, const char *path) {
  FILE *file = fopen(path, "rb");
  if (file == NULL) return false;
  s->secret_length = fread(s->secret, 1, MAX_SECRET, file);
  fclose(file);
  return s->secret_length >= MIN_SECRET;
}

static bool read_key(struct settings *s, const char *path) {
  char group[32] = "";
  FILE *file = fopen(path, "rb");
  if (file == NULL) return false;
  s->key = PEM_read_PUBKEY(file, NULL, NULL, NULL);
  fclose(file);
  return s->key != NULL && EVP_PKEY_get_utf8_string_param(s->key, OSSL_PKEY_PARAM_GROUP_NAME, group, sizeof group, NULL) == 1 &&
         strcmp(group, "prime256v1") == 0;
}

int mosquitto_plugin_version(int count, const int *versions) {
  for (int i = 0; i < count; i++) if (versions[i] == 5) return 5;
  return -1;
}

int mosquitto_plugin_init(mosquitto_plugin_id_t *id, void **userdata, struct mosquitto_opt *options, int count) {
  struct settings *s = calloc(1, sizeof *s);
  if (s == NULL) return MOSQ_ERR_NOMEM;
  *userdata = s;
  s->id = id;
  bool good = true;
  for (int i = 0; i < count; i++) {
    const char *name = options[i].key, *value = options[i].value;
    if (strcmp(name, "hs256_secret_file") == 0) good = read_secret(s, value) && good;
    else if (strcmp(name, "es256_key_file") == 0) good = read_key(s, value) && good;
    else if (strcmp(name, "audience") == 0) s->audience = strdup(value);
    else if (strcmp(name, "own_client_id") == 0) s->own_client_id = strcmp(value, "true") == 0;
    else good = false;
  }
  if (!good || (s->secret_length == 0 && s->key == NULL)) {
    mosquitto_log_printf(MOSQ_LOG_ERR, "jwt-auth: a key is missing or is none, or an option is unknown");
    return MOSQ_ERR_INVAL;
  }
  return mosquitto_callback_register(id, MOSQ_EVT_BASIC_AUTH, on_auth, NULL, s);
}

int mosquitto_plugin_cleanup(void *userdata, struct mosquitto_opt *options, int count) {
  (void)options;
  (void)count;
  struct settings *s = userdata;
  if (s == NULL) return MOSQ_ERR_SUCCESS;
  mosquitto_callback_unregister(s->id, MOSQ_EVT_BASIC_AUTH, on_auth, NULL);
  EVP_PKEY_free(s->key);
  OPENSSL_cleanse(s->secret, sizeof s->secret);
  free(s->audience);
  free(s);
  return MOSQ_ERR_SUCCESS;
}
