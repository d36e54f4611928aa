using System.CommandLine;
using System.Text.RegularExpressions;
using Atoll.Bench;
using Atoll.Cli.Testing;
using Atoll.Cli.Verbs;
using Atoll.Cli.Workspace;
using Atoll.TestVm.Scenarios;

namespace Atoll.Cli.Tests.Documents;

/// <summary>What the pages name exists: links, files, commands, scenarios, tests.</summary>
public sealed partial class DocumentTests
{
    private static readonly Repository s_repository = Repository.Find();

    private static readonly string[] s_files = [.. Folders().SelectMany(Files)];

    private static readonly string[] s_pages =
    [
        "README.md",
        .. Directory.EnumerateFiles(s_repository.In("docs"), "*.md", SearchOption.AllDirectories).Select(Relative).Order(StringComparer.Ordinal),
    ];

    /// <summary>README and every page of docs.</summary>
    public static TheoryData<string> Pages => [.. s_pages];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Links_LeadSomewhere(string page)
    {
        string folder = Path.GetDirectoryName(s_repository.In(page))!;
        string[] dead =
        [
            .. Link().Matches(Text(page)).Select(match => match.Groups[1].Value)
                .Where(target => !target.Contains("://", StringComparison.Ordinal))
                .Where(target => !Leads(target.Length == 0 || target[0] == '#' ? Path.GetFileName(page) + target : target, folder)),
        ];

        Assert.Empty(dead);
    }

    /// <summary>But for decisions and results, which name what was there when they were written, for other projects' files, and for those that the reader
    /// of first-program.md makes.</summary>
    public static TheoryData<string> PagesOfToday =>
    [
        .. s_pages.Where(page => page is not ("docs/references.md" or "docs/first-program.md")
            && !page.StartsWith("docs/decisions/", StringComparison.Ordinal) && !page.StartsWith("docs/results/", StringComparison.Ordinal)),
    ];

    [Theory]
    [MemberData(nameof(PagesOfToday))]
    public void FilesAndFolders_Exist(string page)
    {
        Assert.All(
            Code().Matches(Text(page)).Select(match => match.Groups[1].Value).Where(IsPath),
            path => Assert.True(Exists(path), path));
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Commands_AreUnderstood(string page)
    {
        Command root = VerbCatalog.Create(s_repository);
        Assert.All(Commands(page), command =>
        {
            ParseResult parsed = root.Parse(command);
            Assert.True(parsed.Errors.Count == 0, $"./build.sh {command}: {string.Join("; ", parsed.Errors.Select(error => error.Message))}");
            string[] words = command.Split(' ');
            string? name = words.Skip(1).FirstOrDefault();
            Assert.True(
                words[0] switch
                {
                    _ when name is null || name.StartsWith('-') => true,
                    "vm" => ScenarioCatalog.Find(name) is not null,
                    "bench" => BenchmarkCatalog.Find(name) is not null,
                    "test" when name == "mutants" => words is [_, _] || new MutantRun(s_repository).Rooms.Contains(words[2]),
                    "test" => new TestProjects(s_repository).Select(name).Projects.Count > 0,
                    _ => true,
                },
                $"./build.sh {command}: there is no {name}");
        });
    }

    [Fact]
    public void Index_NamesEveryPage()
    {
        string index = Text("docs/README.md");
        Assert.All(
            Directory.EnumerateFiles(s_repository.In("docs"), "*.md").Select(Path.GetFileName).Where(name => name != "README.md"),
            name => Assert.Contains($"({name})", index, StringComparison.Ordinal));
    }

    [Fact]
    public void TestsThatTrustNames_Exist()
    {
        string text = Text("docs/trust.md");
        string table = text[text.IndexOf("## Which test fails without it", StringComparison.Ordinal)..];
        string[] rows = [.. table.Split('\n').Where(line => line.StartsWith("| ", StringComparison.Ordinal)).Skip(2)];

        Assert.True(rows.Length > 20);
        Assert.All(rows, row =>
        {
            string[] names = [.. AnyCode().Matches(row.Split(" | ")[1]).Select(match => match.Groups[1].Value)];
            Assert.NotEmpty(names);
            Assert.All(names, name => Assert.True(IsTest(name) || IsScenario(name), name));
        });
    }

    [GeneratedRegex("\\]\\(([^) ]*)\\)")]
    private static partial Regex Link();

    [GeneratedRegex("`([A-Za-z0-9_.-]+(?:/[A-Za-z0-9_.-]+)*/?)`")]
    private static partial Regex Code();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex AnyCode();

    [GeneratedRegex("\\./build\\.sh ([^`#|<\\n]+)")]
    private static partial Regex Build();

    [GeneratedRegex("^[A-Z][A-Z-]+$|^[NMS]$|[\\[…=\"]|[A-Z]=")]
    private static partial Regex Placeholder();

    private static string Text(string page) => File.ReadAllText(s_repository.In(page));

    private static string Relative(string path) => Path.GetRelativePath(s_repository.Root, path).Replace('\\', '/');

    // A command with a placeholder or with quotes is a form, not a command.
    private static IEnumerable<string> Commands(string page) => Build().Matches(Text(page))
        .Select(match => match.Groups[1].Value.Split("&&")[0].Trim().TrimEnd('.', ',', ':', ';', ')'))
        .Where(command => !command.Split(' ').Any(word => Placeholder().IsMatch(word)));

    private static bool Leads(string target, string folder)
    {
        string[] parts = target.Split('#');
        string file = Path.GetFullPath(parts[0], folder);
        return (File.Exists(file) || Directory.Exists(file))
            && (parts.Length == 1 || File.ReadLines(file).Any(line => line.StartsWith('#') && Anchor(line) == parts[1]));
    }

    // As the usual viewers make them: lower case, blanks to dashes, nothing but letters, digits and dashes.
    private static string Anchor(string heading) =>
        string.Concat(heading.TrimStart('#').Trim().ToLowerInvariant().Replace(' ', '-').Where(sign => char.IsLetterOrDigit(sign) || sign is '-' or '_'));

    private static bool IsPath(string code) =>
        !code.Contains("NAME", StringComparison.Ordinal) && !code.Contains("nnnn", StringComparison.Ordinal)
        && !code.StartsWith("artifacts", StringComparison.Ordinal) && !code.StartsWith('.')
        && (code.EndsWith('/') || Path.GetExtension(code) is ".cs" or ".csproj" or ".targets" or ".props" or ".md" or ".ps1" or ".sh"
            || (code.Contains('/', StringComparison.Ordinal) && Folders().Contains(code.Split('/')[0])));

    private static bool Exists(string path) =>
        Directory.Exists(s_repository.In(path))
        || Array.Exists(s_files, file => file == path || file.EndsWith("/" + path.TrimEnd('/'), StringComparison.Ordinal)
            || file.Contains($"/{path.TrimEnd('/')}/", StringComparison.Ordinal));

    private static bool IsScenario(string name) =>
        name.StartsWith("vm ", StringComparison.Ordinal) && ScenarioCatalog.Find(name[3..]) is not null;

    private static bool IsTest(string name) => name.Split('.') is [var type, var method]
        && s_files.FirstOrDefault(file => file.EndsWith($"/{type}.cs", StringComparison.Ordinal)) is { } file
        && Text(file).Contains($" {method}(", StringComparison.Ordinal);

    private static IEnumerable<string> Folders() => Directory.EnumerateDirectories(s_repository.Root)
        .Select(folder => Path.GetFileName(folder))
        .Where(name => name != "artifacts" && name[0] != '.');

    private static IEnumerable<string> Files(string folder) =>
    [
        .. Directory.EnumerateFiles(s_repository.Root).Select(Relative),
        .. Directory.EnumerateFiles(s_repository.In(folder), "*", SearchOption.AllDirectories).Select(Relative),
    ];
}
