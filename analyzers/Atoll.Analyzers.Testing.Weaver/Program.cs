using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Atoll.Testing.Weaver;

/// <summary>Weaves the copies of assemblies in a test project's output folder.</summary>
public static class Program
{
    private const string ProbeAssembly = "Atoll.Analyzers.Testing.dll";

    /// <summary>Arguments: the output folder, then the original assemblies.</summary>
    public static int Main(string[] arguments)
    {
        if (arguments.Length < 2)
        {
            Console.Error.WriteLine("usage: Atoll.Analyzers.Testing.Weaver FOLDER ASSEMBLY...");
            return 2;
        }

        string folder = arguments[0];
        string probes = Path.Combine(folder, ProbeAssembly);
        if (!File.Exists(probes))
        {
            Console.Error.WriteLine($"error ATL8101: {probes} is missing: the test project must reference Atoll.Analyzers.Testing");
            return 1;
        }

        foreach (string original in arguments.Skip(1))
        {
            string copy = Path.Combine(folder, Path.GetFileName(original));
            if (File.Exists(copy))
            {
                Weave(copy, original, probes);
            }
        }

        return 0;
    }

    private static void Weave(string copy, string original, string probes)
    {
        using var resolver = new DefaultAssemblyResolver();
        resolver.AddSearchDirectory(Path.GetDirectoryName(copy));
        resolver.AddSearchDirectory(Path.GetDirectoryName(typeof(object).Assembly.Location));
        bool hasSymbols = File.Exists(Path.ChangeExtension(copy, ".pdb"));

        // From memory, because the file itself is written over.
        using var image = new MemoryStream(File.ReadAllBytes(copy));
        using MemoryStream? symbols = hasSymbols ? new MemoryStream(File.ReadAllBytes(Path.ChangeExtension(copy, ".pdb"))) : null;
        using AssemblyDefinition assembly = AssemblyDefinition.ReadAssembly(image, new ReaderParameters
        {
            AssemblyResolver = resolver,
            ReadSymbols = hasSymbols,
            SymbolStream = symbols,
            SymbolReaderProvider = hasSymbols ? new PortablePdbReaderProvider() : null,
        });
        if (assembly.MainModule.AssemblyReferences.Any(one => one.Name == Path.GetFileNameWithoutExtension(ProbeAssembly)) && IsWoven(assembly))
        {
            return;
        }

        using AssemblyDefinition probe = AssemblyDefinition.ReadAssembly(probes);
        int count = new AssemblyWeaver(assembly, probe, Verdicts.Read(original)).Run();
        if (count > 0)
        {
            MarkWoven(assembly);
            assembly.Write(copy, new WriterParameters { WriteSymbols = hasSymbols, SymbolWriterProvider = hasSymbols ? new PortablePdbWriterProvider() : null });
        }

        Console.WriteLine($"{Path.GetFileName(copy)}: {count} methods with a contract");
    }

    private static bool IsWoven(AssemblyDefinition assembly) => assembly.MainModule.Resources.Any(one => one.Name == "atoll.woven");

    private static void MarkWoven(AssemblyDefinition assembly) =>
        assembly.MainModule.Resources.Add(new EmbeddedResource("atoll.woven", ManifestResourceAttributes.Private, [1]));
}
