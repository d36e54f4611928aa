using System.Text.Json;
using Atoll.Image.Tests;
using Atoll.TestVm.Scenarios;

namespace Atoll.Defects.Tests;

/// <summary>A copy of the sources in which one defect at a time is planted, with nothing but the attacks to be run on it.</summary>
/// <remarks>
/// The copy stays in artifacts/ from run to run, so that an image takes as long as what the defect touches. It differs from the sources in two places: the
/// program begins with the first attack, and the linker does not ask the proof.
/// </remarks>
public sealed class AttackTree
{
    private const int FirstAttack = 16;

    private static readonly (string File, string Find, string Replace)[] s_differences =
    [
        ("services/Suite/SuiteProgram.cs", "for (uint group = 0;", $"for (uint group = {FirstAttack};"),
        ("linker/ImageOutput.cs", "Path.GetFileName(ImagePath), findings);", "Path.GetFileName(ImagePath), new DiagnosticBag());"),
        ("linker/ImageOutput.cs", "if (report is not { Holds: true })", "if (report is null)"),
    ];

    // A defect may make the machine wait for ever.
    private readonly AttacksScenario _scenario = new() { LimitOfCore = TimeSpan.FromSeconds(60) };
    private readonly Dictionary<string, DefectOutcome> _sound = [];
    private SourceCopy? _copy;

    private SourceCopy Copy => _copy ??= Prepare();

    /// <summary>Whether the proof would have refused the image that was made last.</summary>
    public bool IsRefusedByProof { get; private set; }

    /// <summary>Runs the attacks without a defect. Once for each machine.</summary>
    public DefectOutcome RunSound(Defect defect)
    {
        if (!_sound.TryGetValue(defect.Shape!.Options, out DefectOutcome? result))
        {
            _sound[defect.Shape!.Options] = result = Run(defect.Shape);
        }

        return result;
    }

    /// <summary>Builds with the defect, runs the attacks, and takes the defect out again.</summary>
    public DefectOutcome RunDefective(Defect defect)
    {
        string file = Path.Combine(Copy.Root, defect.File);
        string sound = File.ReadAllText(file);
        File.WriteAllText(file, sound.Replace(defect.Find, defect.Replace));
        try
        {
            return Run(defect.Shape!);
        }
        finally
        {
            File.WriteAllText(file, sound);
        }
    }

    private static SourceCopy Prepare()
    {
        string root = Path.Combine(SourceCopy.FindRepository(), "artifacts", "attacks");
        Directory.CreateDirectory(root);
        SourceCopy copy = new(root, Differ);
        copy.BuildSuite(processes: 2);
        return copy;
    }

    private static string Differ(string file, string source)
    {
        foreach ((string _, string find, string replace) in s_differences.Where(difference => difference.File == file))
        {
            Assert.Equal(2, source.Split(find).Length);
            source = source.Replace(find, replace);
        }

        return source;
    }

    private DefectOutcome Run(VmShape shape)
    {
        Copy.BuildTrialImage(processes: 2);
        string image = Path.Combine(Copy.Root, "artifacts", "atoll-trials.elf");
        using JsonDocument proof = JsonDocument.Parse(File.ReadAllText(Path.ChangeExtension(image, ".proof.json")));
        IsRefusedByProof = !proof.RootElement.GetProperty("holds").GetBoolean();
        ScenarioResult result = _scenario.Run(shape, image);
        return new DefectOutcome(result.Passed, string.Join('\n', result.Failures));
    }
}
