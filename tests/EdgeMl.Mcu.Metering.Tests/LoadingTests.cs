namespace EdgeMl.Mcu.Metering.Tests;

public sealed class LoadingTests
{
    [Fact]
    public void Assemblies_of_a_program_find_each_other_in_any_order()
    {
        byte[] library = Device.Compile("[assembly: System.Runtime.CompilerServices.InternalsVisibleTo(\"App\")] public class Base { public virtual int Get() => 1; internal int More() => 2; }", "Library");
        byte[] app = Device.Compile("public static class App { sealed class Derived : Base { public override int Get() => base.Get() + More(); } public static int Run() { Base b = new Derived(); return b.Get(); } }", "App", library);

        using MeteredProgram program = MeteredProgram.Load(app, library);

        Assert.Equal(3, program.Bind<Func<int>>("App", "Run")());
        Assert.Contains("Base::Get()", program.Snapshot().ByMethod().Select(method => method.Method));
    }

    [Fact]
    public void Bytes_that_are_no_assembly_are_refused() =>
        Assert.Contains("1000 bytes", Assert.Throws<MeteringException>(() => MeteredProgram.Load(new byte[1000])).Message, StringComparison.Ordinal);

    [Fact]
    public void Two_assemblies_of_one_name_are_refused()
    {
        byte[] image = Device.Compile("public static class P { }");

        Assert.Contains("two assemblies", Assert.Throws<MeteringException>(() => MeteredProgram.Load(image, image)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_only_the_device_has_is_named()
    {
        byte[] image = Device.Compile("public static class P { public static int Length(System.SpanByte bytes) => bytes.Length; }");

        Assert.Contains("System.SpanByte", Assert.Throws<MeteringException>(() => MeteredProgram.Load(image)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_type_or_method_is_named()
    {
        using MeteredProgram program = Device.Load("public static int One() => 1;");

        Assert.Contains("Nowhere", Assert.Throws<MeteringException>(() => program.FindType("Nowhere")).Message, StringComparison.Ordinal);
        Assert.Contains("Two", Assert.Throws<MeteringException>(() => program.Bind<Func<int>>("P", "Two")).Message, StringComparison.Ordinal);
    }
}
