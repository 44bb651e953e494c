import Domain
import ModelLibrary
import Tensors
import Testing

@Suite struct DeviceChoiceTests {
  @Test func namesAreThoseOfPyTorch() {
    #expect(DeviceChoice("cpu") == .cpu)
    #expect(DeviceChoice("CUDA") == .cuda(0))
    #expect(DeviceChoice("cuda:3") == .cuda(3))
    #expect(DeviceChoice("auto") == .automatic)
    for text in ["", "gpu", "cuda:", "cuda:-1", "cuda:x", "cuda:999", "simulated"] {
      #expect(DeviceChoice(text) == nil, "\(text)")
    }
  }

  @Test func automaticTakesWhatIsThere() throws {
    #expect(try DeviceChoice.automatic.device { () throws(TensorError) in 0 } == .cpu)
    #expect(try DeviceChoice.automatic.device { () throws(TensorError) in 2 } == .cuda(0))
    #expect(
      try DeviceChoice.automatic.device { () throws(TensorError) in
        throw TensorError("CUDA", reason: "not installed")
      } == .cpu)
  }

  @Test func aDeviceThatIsMissingIsSaidInOneLine() throws {
    #expect(try DeviceChoice.cuda(1).device { () throws(TensorError) in 2 } == .cuda(1))
    let absent = #expect(throws: InputError.self) {
      try DeviceChoice.cuda(2).device { () throws(TensorError) in 2 }
    }
    #expect(
      absent?.description.hasSuffix(
        "cuda:2 is not there; this machine's NVIDIA driver shows 2 CUDA devices; choose cpu or auto"
      ) == true, "\(String(describing: absent))")
    let uninstalled = #expect(throws: InputError.self) {
      try DeviceChoice.cuda(0).device { () throws(TensorError) in
        throw TensorError("CUDA", reason: "no part")
      }
    }
    #expect(uninstalled?.description.contains("Scripts/setup --cuda") == true)
  }
}
