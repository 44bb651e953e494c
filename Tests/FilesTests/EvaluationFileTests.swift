import Domain
import Files
import TestSupport
import Testing

@Suite struct ModelScoresFiles {
  @Test func everyLayoutIsUnderstood() throws {
    let score = try ModelScoresFile.read(
      table("photo,model,attribute,score,low,high,spread\nd/a.jpg,m,Details,1.5,1,2,0.25\n"))
    #expect(score.count == 1 && score[0].photo == "d/a.jpg" && score[0].scene == nil)
    #expect(score[0].attribute == .details && score[0].model == "m")
    #expect(score[0].score == 1.5 && score[0].spread == 0.25 && score[0].row == 2)
    let scenes = try ModelScoresFile.read(
      table("photo,score,unit,scene\na,1,JOD,\nb,2,JOD,S\nc,3,,S\n"))
    #expect(scenes.map(\.scene) == [nil, "S", "S"])
    #expect(scenes.map(\.unit) == [ScoreUnit(.jod(.unstated)), ScoreUnit(.jod(.unstated)), nil])
    let run = try ModelScoresFile.read(
      table("photo,scene,split,measured,predicted,low,high\na,s,test,9,2,,\n"))
    #expect(run[0].scene == "s" && run[0].score == 2)
    let challenge = try ModelScoresFile.read(
      table("IMAGE,CLASS,CONDITION,SCORE\na.jpg,c,Indoor,3\n"))
    #expect(challenge[0].score == 3 && challenge[0].photo == "a.jpg")
    let scores = try ModelScoresFile.read(
      table("IMAGE PATH,JOD,IMAGE,SCENE,ATTRIBUTE\nDetails\\a.jpg,4,a.jpg,s,Details\n"))
    #expect(scores[0].score == 4 && scores[0].photo == "a.jpg" && scores[0].scene == "s")
  }

  @Test(arguments: [
    (
      "name,value\na,1\n",
      "t.csv: holds no scores of photos (it has: \"name, value\"); "
        + "give a file with photo,score or photo,predicted or IMAGE,SCORE or IMAGE,SCENE,JOD"
    ),
    ("photo,score\n", "t.csv: holds no scores; score some photos first"),
    (
      "photo,score\na,x\n",
      "t.csv, row 2, column score: \"x\" is not a number; "
        + "write a finite number with a decimal point, such as -1.25"
    ),
    (
      "photo,score,spread\na,1,-1\n",
      "t.csv, row 2, column spread: is negative; write 0 or more"
    ),
  ])
  func refuseWhatIsDoubtful(text: String, expected: String) {
    #expect(message { _ = try ModelScoresFile.read(table(text)) } == expected)
  }
}

@Suite struct OriginFiles {
  @Test func camerasAndPersonsAreRead() throws {
    let scratch = try Scratch()
    let devices = try scratch.write("Image,Device\r\na.jpg,Phone 1\r\nb.jpg,Phone 2\r\n")
    #expect(try OriginFile.devices(devices) == ["a.jpg": "Phone 1", "b.jpg": "Phone 2"])
    let scenes = try scratch.write("SCENE,PERSON\nS,Ann\n", to: "p.csv")
    #expect(try OriginFile.persons(scenes).scenes == ["S": "Ann"])
    let photos = try scratch.write("IMAGE,PERSON\na.jpg,Ann\n", to: "q.csv")
    #expect(try OriginFile.persons(photos).photos == ["a.jpg": "Ann"])
  }

  @Test func twoCamerasForOnePhotoAreRefused() throws {
    let scratch = try Scratch()
    let path = try scratch.write("Image,Device\na,One\na,Two\n")
    #expect(
      message { _ = try OriginFile.devices(path) }
        == "\(path), row 3, column Device: \"a\" has both \"One\" and \"Two\"; keep one of the rows"
    )
  }
}

@Suite struct RecipeFiles {
  @Test func oneLayoutWithAndWithoutScenes() throws {
    let scratch = try Scratch()
    let recipe = DegradationRecipe(
      level: 2, subsamplingFactor: 1.5, sharpeningAmount: 0.5, sharpeningSigmaPixels: 1,
      noiseVariance: 4, noiseSeed: 9)
    try RecipesFile.write([RecipeRow(photo: "a.png", recipe: recipe)], to: scratch.file("r.csv"))
    let text = String(decoding: try InputFile.read(scratch.file("r.csv")), as: UTF8.self)
    #expect(
      text == """
        image,level,subsampling_factor,kernel,sharpening_amount,sharpening_sigma_pixels,\
        noise_variance,noise_space,noise_seed
        a.png,2,1.5,bicubic,0.5,1.0,4.0,srgb,9

        """)
    try RecipesFile.write(
      [RecipeRow(scene: "s", photo: "a.png", recipe: recipe)], to: scratch.file("s.csv"))
    let table = try CSVTable(path: scratch.file("s.csv"))
    #expect(table.columns == ["scene"] + RecipesFile.columns)
  }
}
