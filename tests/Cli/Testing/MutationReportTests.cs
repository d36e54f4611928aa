using Atoll.Cli.Testing;
using Atoll.Cli.Workspace;

namespace Atoll.Cli.Tests.Testing;

/// <summary>A report of mutants becomes a score that may only rise, and every survivor is one that the room's file lists.</summary>
public sealed class MutationReportTests
{
    private const string Json = """
        {
          "noticed": 2,
          "survivors": [
            { "file": "A.cs", "code": "if (a < b)", "original": "a < b", "replacement": "a <= b" },
            { "file": "A.cs", "code": "{", "original": "{", "replacement": "{}" }
          ],
          "unusable": [ "T.M: no" ]
        }
        """;

    private static readonly Survivor s_comparison = new("A.cs", "if (a < b)", "a < b", "a <= b");
    private static readonly Survivor s_block = new("A.cs", "{", "{", "{}");

    private static readonly Repository s_repository = Repository.Find();

    /// <summary>All files of rooms.</summary>
    public static TheoryData<string> Rooms => [.. new MutantRun(s_repository).Rooms];

    [Fact]
    public void Report_HasWhatWasNoticed_AndWhatSurvived()
    {
        var report = MutationReport.Parse(Json);

        Assert.Equal(2, report.Noticed);
        Assert.Equal([s_comparison, s_block], report.Survivors);
        Assert.Equal(["T.M: no"], report.Unusable);
    }

    [Fact]
    public void Survivor_ThatIsNotListed_IsAComplaint()
    {
        MutationScore score = Score(Room() with { Survivors = [s_comparison] });

        Assert.Equal(50, score.Score);
        Assert.Equal([s_block], score.Unknown);
        Assert.StartsWith("1 mutants that are not listed survive", score.Complaint(Room(), isWhole: false), StringComparison.Ordinal);
    }

    [Fact]
    public void Survivor_ThatAnswersForOne_DoesNotAnswerForTwo()
    {
        var twice = new MutationReport(0, [s_block, s_block], []);

        Assert.Equal([s_block], twice.Against(Room() with { Survivors = [s_block] }).Unknown);
    }

    [Fact]
    public void Equivalent_IsNotCounted()
    {
        MutationScore score = Score(Room() with { Survivors = [s_comparison, s_block with { Reason = "the same" }] });

        Assert.Equal(3, score.Counted);
        Assert.Equal(66.6, score.Score);
        Assert.Equal("the same", score.Survivors[1].Reason);
    }

    [Theory]
    [InlineData(50.0, 50.0, null)]
    [InlineData(50.0, null, null)]
    [InlineData(50.0, 50.1, "the score fell from 50.1 %")]
    [InlineData(85.0, null, "the aim is 85.0 %")]
    public void Score_MayOnlyRise_AndHasAnAim(double aim, double? before, string? complaint)
    {
        MutantRoom room = Room() with { Survivors = [s_comparison, s_block], Aim = aim, Score = before };

        Assert.Equal(complaint, Score(room).Complaint(room, isWhole: true));
        Assert.Null(Score(room).Complaint(room, isWhole: false));
    }

    [Theory]
    [MemberData(nameof(Rooms))]
    public void File_OfARoom_NamesWhatIsThere(string name)
    {
        var room = MutantRoom.Read(s_repository.In("tests", "Mutants", name + ".json"));
        string folder = Path.GetDirectoryName(s_repository.In(room.Project))!;

        Assert.True(File.Exists(s_repository.In(room.Project)), room.Project);
        Assert.True(File.Exists(s_repository.In(room.Tests)), room.Tests);
        Assert.InRange(room.Aim, 85, 100);
        Assert.InRange(room.Score ?? 0, 0, 100);
        Assert.All(room.Files, pattern => Assert.True(Directory.Exists(Path.Combine(folder, pattern.Split("**")[0])), pattern));
        Assert.All(room.Survivors, survivor => Assert.True(
            survivor.Reason is not "" && File.ReadAllLines(Path.Combine(folder, survivor.File)).Any(line => line.Trim() == survivor.Code),
            $"{name}: the line of this survivor is gone, so take it off the list: {survivor}"));
    }

    [Fact]
    public void Page_SaysWhatTheRoomsSay()
    {
        var run = new MutantRun(s_repository);

        Assert.Equal(
            MutantPage.Of(run.Rooms.Select(name => (name, run.Read(name)))), File.ReadAllText(s_repository.In(MutantPage.Path)));
    }

    [Fact]
    public void Row_CountsWhatIsEquivalentApart()
    {
        MutantRoom room = Room() with
        {
            Score = 87.5, Mutants = 8, Minutes = 3, Aim = 85, Survivors = [s_comparison, s_block with { Reason = "the same" }],
        };

        Assert.EndsWith(
            "| a | `**/*.cs` | all | 9 | 7 | 1 | 1 | 87.5 % | 85 | `./build.sh test mutants a` | 3 |\n", MutantPage.Of([("a", room)]), StringComparison.Ordinal);
        Assert.EndsWith(
            "| a | `**/*.cs` | 1 in 8, seed 3 | | | | | never measured | 85 | `./build.sh test mutants a` | |\n",
            MutantPage.Of([("a", room with { Score = null, Sample = new MutantSample(8, 3) })]),
            StringComparison.Ordinal);
    }

    private static MutantRoom Room() => new() { Project = "a.csproj", Tests = "t.csproj", Files = ["**/*.cs"], Aim = 0 };

    private static MutationScore Score(MutantRoom room) => MutationReport.Parse(Json).Against(room);
}
