using System.Diagnostics;
using System.Text;

namespace Atoll.Image.Tests;

/// <summary>A copy of the tracked and untracked source files in a folder of its own.</summary>
internal sealed class SourceCopy : IDisposable
{
    private readonly string? _temporary;

    /// <summary>Copies the tree; it is deleted at the end.</summary>
    /// <param name="folder">Name of the folder that the tree lies in, below a fresh one: paths differ in text and
    /// length.</param>
    public SourceCopy(string folder)
    {
        _temporary = Directory.CreateTempSubdirectory("atoll-image-").FullName;
        Root = Path.Combine(_temporary, folder);
        string source = FindRepository();
        foreach (string file in SourcesOf(source))
        {
            string to = Path.Combine(Root, file);
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Copy(Path.Combine(source, file), to, overwrite: true);
        }
    }

    /// <summary>Brings a copy up to date that stays from run to run, so that a build does again only what has changed.</summary>
    /// <param name="root">Full path of its folder, which no source is in.</param>
    /// <param name="prepare">What a file of the copy has in the place of the source: file, source text → text.</param>
    public SourceCopy(string root, Func<string, string, string> prepare)
    {
        Root = root;
        string source = FindRepository();
        HashSet<string> files = [.. SourcesOf(source)];
        foreach (string file in files)
        {
            string to = Path.Combine(Root, file);
            byte[] bytes = File.ReadAllBytes(Path.Combine(source, file));
            byte[] wanted = file.EndsWith(".cs", StringComparison.Ordinal) ? Encoding.UTF8.GetBytes(prepare(file, Encoding.UTF8.GetString(bytes))) : bytes;
            if (!File.Exists(to) || !File.ReadAllBytes(to).AsSpan().SequenceEqual(wanted))
            {
                Directory.CreateDirectory(Path.GetDirectoryName(to)!);
                File.WriteAllBytes(to, wanted);
            }
        }

        foreach (string old in Directory.EnumerateFiles(Root, "*.cs", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(Root, path)))
        {
            if (!files.Contains(old) && !old.StartsWith("artifacts", StringComparison.Ordinal))
            {
                File.Delete(Path.Combine(Root, old));
            }
        }
    }

    /// <summary>Top folder of the copy.</summary>
    public string Root { get; }

    /// <summary>Builds the kernel image and returns its bytes.</summary>
    /// <param name="processes">Processes that MSBuild may use.</param>
    /// <param name="environment">Variables to set.</param>
    public byte[] BuildImage(int processes, params (string Name, string Value)[] environment)
    {
        Build("kernel/Image/Image.csproj", processes, environment);
        return File.ReadAllBytes(Path.Combine(Root, "artifacts", "atoll.elf"));
    }

    /// <summary>Builds the image for tests, <c>artifacts/atoll-trials.elf</c>.</summary>
    /// <param name="processes">Processes that MSBuild may use.</param>
    public void BuildTrialImage(int processes) => Build("kernel/TrialImage/TrialImage.csproj", processes, []);

    /// <summary>Builds the tests that run as a program, <c>artifacts/suite.bundle</c>.</summary>
    /// <param name="processes">Processes that MSBuild may use.</param>
    public void BuildSuite(int processes) => Build("services/Suite/Program/Suite.Program.csproj", processes, []);

    /// <summary>Builds a system, <c>artifacts/systems/NAME.bundle</c>.</summary>
    /// <param name="name">A file of systems/.</param>
    public void BuildSystem(string name) => Run(Root, "bash", ["build.sh", "image", "inspect", "--system", name], []);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_temporary is not null)
        {
            Directory.Delete(_temporary, recursive: true);
        }
    }

    /// <summary>Top folder of the repository that the tests were built in.</summary>
    public static string FindRepository()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "global.json")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? throw new DirectoryNotFoundException("no global.json above the tests: run them from the repository");
    }

    /// <summary>Runs a program in the copy.</summary>
    /// <returns>Whether it succeeded.</returns>
    public bool TryRun(string program, string[] arguments, out string output)
    {
        (int exitCode, output) = Execute(Root, program, arguments, []);
        return exitCode == 0;
    }

    private static IEnumerable<string> SourcesOf(string repository) =>
        Run(repository, "git", ["ls-files", "--cached", "--others", "--exclude-standard"], []).Split('\n')
            .Where(file => file.Length != 0 && File.Exists(Path.Combine(repository, file)));

    private void Build(string project, int processes, (string Name, string Value)[] environment)
    {
        Run(Root, "dotnet", ["build", Path.Combine(Root, project), $"-m:{processes}", "-nodeReuse:false", "-v:quiet", "-nologo"], environment);
    }

    private static string Run(string folder, string program, string[] arguments, (string Name, string Value)[] environment)
    {
        (int exitCode, string output) = Execute(folder, program, arguments, environment);
        Assert.True(exitCode == 0, $"{program} {string.Join(' ', arguments)}\n{output}");
        return output;
    }

    private static (int ExitCode, string Output) Execute(
        string folder, string program, string[] arguments, (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, process.ExitCode == 0 ? output : $"{output}\n{errors.Result}");
    }
}
