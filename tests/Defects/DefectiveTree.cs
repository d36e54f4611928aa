using Atoll.Image.Tests;
using Atoll.TestVm.Scenarios;

namespace Atoll.Defects.Tests;

/// <summary>A copy of the sources in which one defect at a time is planted, and the images built from it.</summary>
public sealed class DefectiveTree : IDisposable
{
    private readonly Dictionary<(string, string), DefectOutcome> _sound = [];
    private readonly DefectReport _report = new();
    private readonly Dictionary<string, string> _systems = [];
    private SourceCopy? _copy;
    private string? _soundImage;
    private bool _hasSuite;

    private SourceCopy Copy => _copy ??= new SourceCopy("defects");

    /// <summary>Runs what must find a defect without the defect. What several defects share is run once.</summary>
    public DefectOutcome RunSound(Defect defect)
    {
        (string, string) key = (defect.Finder, defect.Shape?.Options ?? "");
        if (!_sound.TryGetValue(key, out DefectOutcome? result))
        {
            _sound[key] = result = Run(defect, SoundImage, SoundSystem);
        }

        return result;
    }

    /// <summary>Builds with the defect, runs what must find it, and takes the defect out again.</summary>
    public DefectOutcome RunDefective(Defect defect)
    {
        string file = Path.Combine(Copy.Root, defect.File);
        string sound = File.ReadAllText(file);
        File.WriteAllText(file, sound.Replace(defect.Find, defect.Replace));
        try
        {
            DefectOutcome result = defect.IsInPrograms
                ? Run(defect, SoundImage, system => BuildSystem(system, "defective"))
                : Run(defect, () => Build("defective"), SoundSystem);
            _report.Add(defect, result);
            return result;
        }
        finally
        {
            File.WriteAllText(file, sound);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _report.WriteIfAccepted();
        _copy?.Dispose();
    }

    // Under a name of its own, beside its map: the next build overwrites both.
    private string Build(string name)
    {
        Copy.BuildTrialImage(processes: 2);
        string folder = Path.Combine(Copy.Root, "artifacts");
        string image = Path.Combine(folder, $"{name}.elf");
        File.Copy(Path.Combine(folder, "atoll-trials.elf"), image, overwrite: true);
        File.Copy(Path.Combine(folder, "atoll-trials.map"), Path.ChangeExtension(image, ".map"), overwrite: true);
        return image;
    }

    private string SoundImage() => _soundImage ??= Build("sound");

    // Asked for first when there is no defect in the tree: each system and the image are built once without.
    private string SoundSystem(string system)
    {
        if (!_systems.TryGetValue(system, out string? bundle))
        {
            _systems[system] = bundle = BuildSystem(system, "sound");
        }

        return bundle;
    }

    private string BuildSystem(string system, string name)
    {
        Copy.BuildSystem(system);
        string folder = Path.Combine(Copy.Root, "artifacts", "systems");
        string bundle = Path.Combine(folder, $"{system}-{name}.bundle");
        File.Copy(Path.Combine(folder, $"{system}.bundle"), bundle, overwrite: true);
        return bundle;
    }

    private DefectOutcome Run(Defect defect, Func<string> image, Func<string, string> bundle)
    {
        if (defect.Shape is null)
        {
            return defect.Finder == Defect.ImageBuild ? BuildImage() : RunHostTest(defect);
        }

        Scenario scenario = ScenarioCatalog.Find(defect.Finder)!;
        if (scenario.Bundle is not null && !_hasSuite)
        {
            // No defect is planted in it, so it is built once, beside the images.
            Copy.BuildSuite(processes: 2);
            _hasSuite = true;
        }

        string? system = scenario.SystemOn(defect.Shape);
        ScenarioResult result = scenario.Run(defect.Shape, image(), system is null ? null : bundle(system));
        return new DefectOutcome(result.Passed, string.Join('\n', result.Failures));
    }

    private DefectOutcome BuildImage()
    {
        string project = Path.Combine("kernel", "Image", "Image.csproj");
        bool passed = Copy.TryRun("dotnet", ["build", project, "-nodeReuse:false", "-v:quiet", "-nologo"], out string output);
        return new DefectOutcome(passed, passed ? "" : output.Split('\n').FirstOrDefault(line => line.Contains("error ATL", StringComparison.Ordinal)) ?? output);
    }

    private DefectOutcome RunHostTest(Defect defect)
    {
        string project = Path.Combine("tests", defect.Tests, $"{defect.Tests}.Tests.csproj");
        string[] arguments = ["test", project, "-c", "Release", "-nodeReuse:false", "--filter", $"FullyQualifiedName~{defect.Finder}"];
        bool passed = Copy.TryRun("dotnet", arguments, out string output);
        Assert.True(output.Contains("Passed!", StringComparison.Ordinal) || output.Contains("Failed!", StringComparison.Ordinal), output);
        string complaint = output.Split('\n').FirstOrDefault(line => line.Contains("Exception : ", StringComparison.Ordinal)) ?? output;
        return new DefectOutcome(passed, passed ? "" : complaint);
    }
}
