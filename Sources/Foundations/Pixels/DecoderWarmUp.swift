internal import Domain
internal import Foundation

/// What a decoder does for the first time: done before photos come, it is done once and not in each
/// copy.
///
/// Reading a picture makes libvips register its operations and compile its loops, and the first
/// JSON makes Swift look up how types are coded: some 20 ms of every photo otherwise. The pictures
/// are 16 × 16 pixels of ours.
enum DecoderWarmUp {
  private static let jpeg = """
    /9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABQODxIPDRQSEBIXFRQYHjIhHhwcHj0sLiQySUBMS0dARkVQWnNiUFVtVk\
    VGZIhlbXd7gYKBTmCNl4x9lnN+gXz/2wBDARUXFx4aHjshITt8U0ZTfHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8\
    fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHz/wAARCAAQABADASIAAhEBAxEB/8QAFgABAQEAAAAAAAAAAAAAAAAAAAEE/8\
    QAGBAAAwEBAAAAAAAAAAAAAAAAAAERIRL/xAAUAQEAAAAAAAAAAAAAAAAAAAAE/8QAFBEBAAAAAAAAAAAAAAAAAAAA\
    AP/aAAwDAQACEQMRAD8A1709UmKFAAlv/9k=
    """
  private static let png = """
    iVBORw0KGgoAAAANSUhEUgAAABAAAAAQCAIAAACQkWg2AAAAJUlEQVR4nGM8MS2KgRTARJJqyjQ41R0hTcO+JhsaO2\
    lUw/DWAACChgTYEIfx2gAAAABJRU5ErkJggg==
    """

  /// Reads both pictures in every way, and writes and reads a message.
  ///
  /// - Throws: `PhotoError` when this libvips can't read them.
  static func run() throws(PhotoError) {
    for text in [jpeg, png] {
      let bytes = Array(Data(base64Encoded: text) ?? Data())
      let options = DecodingOptions()
      func file() throws(PhotoError) -> PhotoFile {
        try PhotoFile(bytes: bytes, name: "picture")
      }
      let header = try RasterImage.probe(file(), options)
      _ = try RasterImage.decode(file(), options)
      _ = try RasterImage.decodeShrunk(file(), longSide: 7, options)
      _ = try RasterImage.decodeArea(
        file(), area: .init(x: 1, y: 1, width: 9, height: 9), width: 5, height: 5, options)
      let request = DecoderRequest(.whole, name: "picture", options, seconds: 1)
      _ = DecoderRequest(message: request.message)
      _ = DecoderAnswer.image(width: 1, height: 1, header).message
      _ = DecoderAnswer.header(header).message
    }
  }
}
