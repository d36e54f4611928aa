using Atoll.Image.Tests;
using Atoll.TestVm.Scenarios;

namespace Atoll.Defects.Tests;

/// <summary>A copy of the sources in which one defect at a time is planted, and the images built from it.</summary>
public sealed class DefectiveTree : IDisposable
{
    private readonly Dictionary<(string, string), ScenarioResult> _sound = [];
    private readonly DefectReport _report = new();
    private SourceCopy? _copy;
    private string? _soundImage;

    private SourceCopy Copy => _copy ??= new SourceCopy("defects");

    /// <summary>Runs a defect's scenario without the defect. What several defects share is run once.</summary>
    public ScenarioResult RunSound(Defect defect)
    {
        (string, string) key = (defect.Scenario, defect.Shape.Options);
        if (!_sound.TryGetValue(key, out ScenarioResult? result))
        {
            _soundImage ??= Build("sound");
            _sound[key] = result = Run(defect, _soundImage);
        }

        return result;
    }

    /// <summary>Builds with the defect, runs its scenario, and takes the defect out again.</summary>
    public ScenarioResult RunDefective(Defect defect)
    {
        string file = Path.Combine(Copy.Root, defect.File);
        string sound = File.ReadAllText(file);
        File.WriteAllText(file, sound.Replace(defect.Find, defect.Replace));
        try
        {
            ScenarioResult result = Run(defect, Build("defective"));
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
        Copy.BuildImage(processes: 2);
        string folder = Path.Combine(Copy.Root, "artifacts");
        string image = Path.Combine(folder, $"{name}.elf");
        File.Copy(Path.Combine(folder, "atoll.elf"), image, overwrite: true);
        File.Copy(Path.Combine(folder, "atoll.map"), Path.ChangeExtension(image, ".map"), overwrite: true);
        return image;
    }

    private static ScenarioResult Run(Defect defect, string image) =>
        ScenarioCatalog.Find(defect.Scenario)!.Run(defect.Shape, image);
}
