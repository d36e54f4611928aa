namespace Atoll.Cli.Workspace;

/// <summary>Where things are in the repository.</summary>
public sealed class Repository
{
    private Repository(string root) => Root = root;

    /// <summary>The folder with <c>global.json</c>.</summary>
    public string Root { get; }

    /// <summary>Everything that is made and never committed.</summary>
    public string Artifacts => In("artifacts");

    /// <summary>The kernel image.</summary>
    public string Image => In("artifacts", "atoll.elf");

    /// <summary>Symbols and lines of the kernel image.</summary>
    public string Map => In("artifacts", "atoll.map");

    /// <summary>What was proved of the kernel image, for people.</summary>
    public string ProofSummary => In("artifacts", "atoll.proof.txt");

    /// <summary>The image as a command line in the root names it, so that a printed command can be pasted there.</summary>
    public static string ImageFromRoot => "artifacts/atoll.elf";

    /// <summary>Finds the repository that this program was built in, and makes it the working directory.</summary>
    public static Repository Find()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "global.json")))
            {
                Environment.CurrentDirectory = folder.FullName;
                return new Repository(folder.FullName);
            }
        }

        throw new UserException($"no global.json above {AppContext.BaseDirectory}: the program was moved out of its repository");
    }

    /// <summary>A path in the repository.</summary>
    public string In(params string[] parts) => Path.Combine([Root, .. parts]);
}
