import Domain
import Testing

@Suite struct SettingTests {
  @Test func aSettingIsSpelledByItsCaller() {
    let error = InputError(
      Setting("learningRates"), "there is no run", remedy: "give \(Setting("seeds")) too")
    #expect(error.description == "learningRates: there is no run; give seeds too")
    #expect(
      error.text(spelling: { "<\($0)>" }) == "<learningRates>: there is no run; give <seeds> too")
  }

  @Test func textWithoutSettingsStaysAsItIs() {
    #expect(Setting.spelled("plain, with é and 😀", as: { _ in "!" }) == "plain, with é and 😀")
    #expect(Setting.spelled("", as: { _ in "!" }) == "")
  }
}
