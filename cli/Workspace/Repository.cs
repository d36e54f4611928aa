namespace Atoll.Cli.Workspace;

/// <summary>Where things are in the repository.</summary>
public sealed class Repository
{
    private Repository(string root, string caller)
    {
        Root = root;
        CallerFolder = caller;
    }

    /// <summary>The script as a person types it in the root.</summary>
    public static string Script => OperatingSystem.IsWindows() ? "./build.ps1" : "./build.sh";

    /// <summary>The folder with <c>global.json</c>.</summary>
    public string Root { get; }

    /// <summary>Where the person stands who typed the command: what the files that they name are relative to.</summary>
    public string CallerFolder { get; }

    /// <summary>Everything that is made and never committed.</summary>
    public string Artifacts => In("artifacts");

    /// <summary>The product's image.</summary>
    public string Image => In("artifacts", "atoll.elf");

    /// <summary>What was proved of the product's image, for people.</summary>
    public string ProofSummary => In("artifacts", "atoll.proof.txt");

    /// <summary>The product's image as a command line in the root names it, so that a printed command can be pasted there.</summary>
    public static string ImageFromRoot => "artifacts/atoll.elf";

    /// <summary>The image for tests, named in the same way.</summary>
    public static string TrialImageFromRoot => "artifacts/atoll-trials.elf";

    /// <summary>The image whose system calls all take the long way, named in the same way.</summary>
    public static string LongWayImageFromRoot => "artifacts/atoll-long-way.elf";

    /// <summary>Finds the repository that this program was built in, and makes it the working directory.</summary>
    public static Repository Find()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "global.json")))
            {
                string caller = Environment.CurrentDirectory;
                Environment.CurrentDirectory = folder.FullName;
                return new Repository(folder.FullName, caller);
            }
        }

        throw new UserException($"no global.json above {AppContext.BaseDirectory}: the program was moved out of its repository");
    }

    /// <summary>A file that the person named, whole.</summary>
    public string FromCaller(string path) => Path.GetFullPath(path, CallerFolder);

    /// <summary>Whether files can be made where everything is built.</summary>
    public bool IsWritable
    {
        get
        {
            try
            {
                Directory.CreateDirectory(Artifacts);
                string probe = In("artifacts", $".writable-{Environment.ProcessId}");
                File.Create(probe).Dispose();
                File.Delete(probe);
                return true;
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                return false;
            }
        }
    }

    /// <summary>What to tell somebody whose checkout cannot be written to.</summary>
    public string WhyNotWritable(Exception error) =>
        $"cannot write to {Artifacts}, where builds go ({error.Message}): copy the checkout to a folder that you may write to";

    /// <summary>A path in the repository.</summary>
    public string In(params string[] parts) => Path.Combine([Root, .. parts]);
}
