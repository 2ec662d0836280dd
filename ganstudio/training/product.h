// The product of small matrices, as it stands in the code of compiled updates (ganstudio/training/products.py).
//
//     out[m, n] = Σ_k left[m, k] · right[k, n]        float32, each input with strides of its own
//
// A tile of the result, a few rows of a few vectors, stays in registers while k runs: each k takes one load for each
// vector and one broadcast for each row. The columns of `right` that a tile needs must lie beside each other; where they
// do not, they are copied first.

#include <immintrin.h>

#include <algorithm>
#include <cstdint>
#include <vector>

namespace ganstudio {

#define GANSTUDIO_INLINE inline __attribute__((always_inline))

#if defined(__AVX512F__)
constexpr int kWidth = 16, kVectors = 4, kRows = 6;  // of 32 registers 24 for sums, 4 for a line of `right`
using Vector = __m512;
using Mask = __mmask16;
GANSTUDIO_INLINE Mask first(int count) { return static_cast<Mask>((1u << count) - 1); }
GANSTUDIO_INLINE Vector all(float number) { return _mm512_set1_ps(number); }
GANSTUDIO_INLINE Vector load(const float* from) { return _mm512_loadu_ps(from); }
GANSTUDIO_INLINE Vector load(const float* from, Mask mask) { return _mm512_maskz_loadu_ps(mask, from); }
GANSTUDIO_INLINE void store(float* to, Vector numbers) { _mm512_storeu_ps(to, numbers); }
GANSTUDIO_INLINE void store(float* to, Vector numbers, Mask mask) { _mm512_mask_storeu_ps(to, mask, numbers); }
GANSTUDIO_INLINE Vector multiply_add(Vector a, Vector b, Vector c) { return _mm512_fmadd_ps(a, b, c); }
#else
constexpr int kWidth = 8, kVectors = 2, kRows = 6;  // of 16 registers 12 and 2
using Vector = __m256;
using Mask = __m256i;
GANSTUDIO_INLINE Mask first(int count) {
  return _mm256_cmpgt_epi32(_mm256_set1_epi32(count), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
}
GANSTUDIO_INLINE Vector all(float number) { return _mm256_set1_ps(number); }
GANSTUDIO_INLINE Vector load(const float* from) { return _mm256_loadu_ps(from); }
GANSTUDIO_INLINE Vector load(const float* from, Mask mask) { return _mm256_maskload_ps(from, mask); }
GANSTUDIO_INLINE void store(float* to, Vector numbers) { _mm256_storeu_ps(to, numbers); }
GANSTUDIO_INLINE void store(float* to, Vector numbers, Mask mask) { _mm256_maskstore_ps(to, mask, numbers); }
GANSTUDIO_INLINE Vector multiply_add(Vector a, Vector b, Vector c) { return _mm256_fmadd_ps(a, b, c); }
#endif

#if defined(__clang__)
#define GANSTUDIO_OPTIMIZED
#define GANSTUDIO_UNROLLED _Pragma("clang loop unroll(full)")
#else
// What stands around it in an update is compiled with -O1, which keeps no array in registers.
#define GANSTUDIO_OPTIMIZED __attribute__((optimize("O2")))
#define GANSTUDIO_UNROLLED _Pragma("GCC unroll 8")
#endif

// A matrix in memory: where it begins, and how far it is to the next row and to the next column.
struct Matrix {
  const float* begin;
  int64_t row, column;
};

// R rows of V vectors of the result, of whose last only the numbers under `mask` are there.
template <int R, int V>
GANSTUDIO_OPTIMIZED void tile(Matrix left, Matrix right, int64_t inner, Mask mask, float* out, int64_t out_row) {
  Vector sums[R][V];
  GANSTUDIO_UNROLLED
  for (int r = 0; r < R; r++) {
    GANSTUDIO_UNROLLED
    for (int v = 0; v < V; v++) sums[r][v] = all(0.0f);
  }
  for (int64_t k = 0; k < inner; k++) {
    const float* const from = right.begin + k * right.row;
    Vector line[V];
    GANSTUDIO_UNROLLED
    for (int v = 0; v < V - 1; v++) line[v] = load(from + v * kWidth);
    line[V - 1] = load(from + (V - 1) * kWidth, mask);
    GANSTUDIO_UNROLLED
    for (int r = 0; r < R; r++) {
      const Vector factor = all(left.begin[r * left.row + k * left.column]);
      GANSTUDIO_UNROLLED
      for (int v = 0; v < V; v++) sums[r][v] = multiply_add(factor, line[v], sums[r][v]);
    }
  }
  GANSTUDIO_UNROLLED
  for (int r = 0; r < R; r++) {
    GANSTUDIO_UNROLLED
    for (int v = 0; v < V - 1; v++) store(out + r * out_row + v * kWidth, sums[r][v]);
    store(out + r * out_row + (V - 1) * kWidth, sums[r][V - 1], mask);
  }
}

// V vectors of all rows of the result.
template <int V>
void panel(Matrix left, Matrix right, int64_t rows, int64_t inner, Mask mask, float* out, int64_t out_row) {
  const auto from = [&](int64_t row) { return Matrix{left.begin + row * left.row, left.row, left.column}; };
  int64_t row = 0;
  for (; row + kRows <= rows; row += kRows) tile<kRows, V>(from(row), right, inner, mask, out + row * out_row, out_row);
  if (row < rows && rows >= kRows) {  // The last tile takes some rows again: the same numbers, in the same place.
    row = rows - kRows;
    tile<kRows, V>(from(row), right, inner, mask, out + row * out_row, out_row);
    return;
  }
  for (; row < rows; row++) tile<1, V>(from(row), right, inner, mask, out + row * out_row, out_row);
}

// `columns` of `right`, beside each other.
GANSTUDIO_OPTIMIZED inline Matrix beside(Matrix right, int64_t inner, int64_t columns) {
  static thread_local std::vector<float> memory;
  const auto size = static_cast<size_t>(inner * columns);
  if (memory.size() < size) memory.resize(size);
  float* const to = memory.data();
  for (int64_t n = 0; n < columns; n++)
    for (int64_t k = 0; k < inner; k++) to[k * columns + n] = right.begin[k * right.row + n * right.column];
  return {to, columns, 1};
}

// `out` is (rows, columns), its rows one after the other.
inline void product(Matrix left, Matrix right, int64_t rows, int64_t inner, int64_t columns, float* out) {
  for (int64_t column = 0; column < columns; column += kVectors * kWidth) {
    const int some = static_cast<int>(std::min<int64_t>(kVectors * kWidth, columns - column));
    const int vectors = (some + kWidth - 1) / kWidth;
    const Mask mask = first(some - (vectors - 1) * kWidth);
    Matrix part{right.begin + column * right.column, right.row, right.column};
    if (part.column != 1) part = beside(part, inner, some);
    if (vectors == 1) panel<1>(left, part, rows, inner, mask, out + column, columns);
    if (vectors == 2) panel<2>(left, part, rows, inner, mask, out + column, columns);
    if constexpr (kVectors == 4) {
      if (vectors == 3) panel<3>(left, part, rows, inner, mask, out + column, columns);
      if (vectors == 4) panel<4>(left, part, rows, inner, mask, out + column, columns);
    }
  }
}

// The same of `many` pairs, which lie `left_next` and `right_next` apart.
inline void products(Matrix left, Matrix right, int64_t many, int64_t left_next, int64_t right_next, int64_t rows,
                     int64_t inner, int64_t columns, float* out) {
  for (int64_t pair = 0; pair < many; pair++) {
    product(left, right, rows, inner, columns, out);
    left.begin += left_next;
    right.begin += right_next;
    out += rows * columns;
  }
}

}  // namespace ganstudio
