// Plays iterations: calls the compiled updates of one in their order, once for all inputs there are, with nothing but
// machine code in between. It stands in the code of every compiled update, and is called from there
// (ganstudio/training/shared_code.py).
//
// Tensors stand in numbered registers, the same for each iteration (ganstudio/training/iteration_plan.py):
//
//     those of the state · the iteration's inputs · the results of its first update · of its second · …

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <vector>

namespace ganstudio {

struct Update {
  int32_t (*run)(void*, AtenTensorHandle*, size_t, AtenTensorHandle*, size_t, void*, void*);
  void* code;
  int64_t inputs, results;  // how many tensors it takes and gives, ...
  const int64_t* taken;     // ... the registers that it takes, ...
  int64_t first;            // ... and the first that it fills. The last result is its report.
  int64_t borrowed;         // whether its results stand where those of its next call will
  float* report;            // where the reports of all iterations go, one after another; null where nobody asks
};

// The numbers of a report, (n,) or (members, n), to where `to` points; `to` goes on behind them.
inline bool copied(AtenTensorHandle report, float*& to) {
  int64_t dimension, *sizes, *strides;
  void* numbers;
  if (aoti_torch_get_dim(report, &dimension) || aoti_torch_get_sizes(report, &sizes) ||
      aoti_torch_get_strides(report, &strides) || aoti_torch_get_data_ptr(report, &numbers) || dimension < 1)
    return false;
  const float* from = static_cast<const float*>(numbers);
  const int64_t last = dimension - 1, rows = last ? sizes[0] : 1;
  for (int64_t row = 0; row < rows; row++)
    for (int64_t column = 0; column < sizes[last]; column++)
      *to++ = from[(last ? row * strides[0] : 0) + column * strides[last]];
  return true;
}

// Replaces a borrowed result by a copy.
inline bool owned(AtenTensorHandle& result) {
  AtenTensorHandle borrowed = result;
  int64_t dimension, *sizes, *strides, numbers, expected = 1;
  int32_t kind;
  void *from, *to;
  if (aoti_torch_get_dim(borrowed, &dimension) || aoti_torch_get_sizes(borrowed, &sizes) ||
      aoti_torch_get_strides(borrowed, &strides) || aoti_torch_get_numel(borrowed, &numbers) ||
      aoti_torch_get_dtype(borrowed, &kind) || aoti_torch_get_data_ptr(borrowed, &from))
    return false;
  bool plain = kind == aoti_torch_dtype_float32();
  for (int64_t axis = dimension - 1; axis >= 0; axis--) {
    plain = plain && strides[axis] == expected;
    expected *= sizes[axis];
  }
  AtenTensorHandle copy = nullptr;
  if (!plain) {  // by torch's own way, which takes several times as long
    if (aoti_torch_clone_preserve_strides(borrowed, &copy)) return false;
  } else {
    if (aoti_torch_empty_strided(dimension, sizes, strides, kind, aoti_torch_device_type_cpu(), 0, &copy)) return false;
    if (aoti_torch_get_data_ptr(copy, &to)) {
      aoti_torch_delete_tensor_object(copy);
      return false;
    }
    if (numbers) std::memcpy(to, from, numbers * sizeof(float));
  }
  result = copy;
  return !aoti_torch_delete_tensor_object(borrowed);
}

class Registers {
 public:
  explicit Registers(int64_t count) : held_(count, nullptr) {}
  ~Registers() { clear(); }
  AtenTensorHandle& operator[](int64_t number) { return held_[number]; }
  AtenTensorHandle* from(int64_t number) { return held_.data() + number; }
  void take(int64_t number, AtenTensorHandle& handle) {
    held_[number] = handle;
    handle = nullptr;
  }
  void clear() {
    for (AtenTensorHandle& handle : held_) {
      if (handle) aoti_torch_delete_tensor_object(handle);
      handle = nullptr;
    }
  }

 private:
  std::vector<AtenTensorHandle> held_;
};

inline bool called(Update& update, Registers& registers, std::vector<AtenTensorHandle>& arguments) {
  for (int64_t number = 0; number < update.inputs; number++)
    if (aoti_torch_new_tensor_handle(registers[update.taken[number]], &arguments[number])) {
      while (number--) aoti_torch_delete_tensor_object(arguments[number]);
      return false;
    }
  // It releases its arguments, whatever happens.
  if (update.run(update.code, arguments.data(), update.inputs, registers.from(update.first), update.results, nullptr,
                 nullptr))
    return false;
  for (int64_t number = 0; update.borrowed && number < update.results; number++)
    if (!owned(registers[update.first + number])) return false;
  return !update.report || copied(registers[update.first + update.results - 1], update.report);
}

// Row `number` of a tensor, without a copy.
inline bool row_of(AtenTensorHandle whole, int64_t number, AtenTensorHandle* row) {
  int64_t dimension, *sizes, *strides;
  if (aoti_torch_get_dim(whole, &dimension) || dimension < 1 || aoti_torch_get_sizes(whole, &sizes) ||
      aoti_torch_get_strides(whole, &strides))
    return false;
  // The offset is counted from where `whole` begins.
  return !aoti_torch__reinterpret_tensor(whole, dimension - 1, sizes + 1, strides + 1, number * strides[0], row);
}

inline bool played(Update* updates, int64_t count, AtenTensorHandle* state, const int64_t* after, int64_t state_tensors,
                   AtenTensorHandle* given, int64_t inputs, int64_t iterations, int64_t registers) {
  Registers now(registers), next(state_tensors), whole(inputs);
  int64_t most = 0;
  for (int64_t number = 0; number < count; number++) most = std::max(most, updates[number].inputs);
  std::vector<AtenTensorHandle> arguments(most);
  bool good = true;
  for (int64_t number = 0; number < state_tensors; number++) now.take(number, state[number]);
  for (int64_t number = 0; number < inputs; number++) whole.take(number, given[number]);
  for (int64_t iteration = 0; good && iteration < iterations; iteration++) {
    for (int64_t number = 0; good && number < inputs; number++)
      good = row_of(whole[number], iteration, now.from(state_tensors + number));
    for (int64_t number = 0; good && number < count; number++) good = called(updates[number], now, arguments);
    for (int64_t number = 0; good && number < state_tensors; number++)
      good = !aoti_torch_new_tensor_handle(now[after[number]], next.from(number));
    now.clear();
    for (int64_t number = 0; number < state_tensors; number++) now.take(number, next[number]);
  }
  for (int64_t number = 0; good && number < state_tensors; number++) {
    state[number] = now[number];
    now[number] = nullptr;
  }
  return good;
}

}  // namespace ganstudio

// `state` and `given` hand their tensors over. Each input has a row for each iteration. Afterwards `state` holds the last
// one's tensors: after an iteration they are what stands in the registers `after`. Not 0: an update failed, and `state`
// holds nothing.
extern "C" __attribute__((visibility("default"))) int32_t ganstudio_play(
    ganstudio::Update* updates, int64_t count, AtenTensorHandle* state, const int64_t* after, int64_t state_tensors,
    AtenTensorHandle* given, int64_t inputs, int64_t iterations, int64_t registers) {
  try {
    return !ganstudio::played(updates, count, state, after, state_tensors, given, inputs, iterations, registers);
  } catch (...) {  // there is no memory for a list
    return 1;
  }
}

// The handles that a list of capsules holds, in order. `item` and `pointer` are Python's functions for that, which need
// its lock: called one by one from Python they take longer than what is done with most of the tensors.
extern "C" __attribute__((visibility("default"))) void ganstudio_unpack(
    void* capsules, int64_t count, void* (*item)(void*, int64_t), void* (*pointer)(void*, const char*),
    AtenTensorHandle* handles) {
  for (int64_t number = 0; number < count; number++)
    handles[number] = static_cast<AtenTensorHandle>(pointer(item(capsules, number), nullptr));
}
