"""What the invented firms do: name, GB/T 4754-2017 class, business scope, and who else trades here."""

from dataclasses import dataclass

from jingwei.demo.city.words import listed

PUBLIC = "public"
PRIVATE = "non_public"


@dataclass(frozen=True, slots=True)
class Trade:
    """One line of business. `label` stands in names today, `former` in the names of older days
    (and in no other trade's label). `share` weighs it among all trades."""

    label: str
    former: str
    industry: str
    scope: str
    share: int = 1


FIRM_TRADES = (
    Trade("商贸", "经贸", "F5199", "日用百货、办公用品、电子产品销售", 9),
    Trade("贸易", "工贸", "F5181", "国内贸易代理，货物进出口", 6),
    Trade("建材", "建筑材料", "F5165", "建筑材料、装饰材料批发零售", 4),
    Trade("机电设备", "五交化", "F5179", "机电设备、五金产品批发", 3),
    Trade("食品", "副食品", "F5129", "预包装食品批发兼零售", 3),
    Trade("电子商务", "网购", "F5292", "互联网销售，供应链服务", 4),
    Trade("汽车销售服务", "汽贸", "F5261", "汽车销售、维修与配件供应", 2),
    Trade("医疗器械", "医械", "F5154", "医疗器械批发零售", 2),
    Trade("服饰", "服装", "C1819", "服装加工与销售", 2),
    Trade("科技", "科贸", "M7519", "技术开发、技术咨询、技术转让", 9),
    Trade("电子科技", "电子", "C3990", "电子元器件研发、制造与销售", 3),
    Trade("光电科技", "光电器材", "C3979", "光电器件制造", 1),
    Trade("软件", "软件开发", "I6513", "软件开发，信息系统运行维护", 3),
    Trade("信息技术", "电脑", "I6531", "信息系统集成，技术服务", 4),
    Trade("网络科技", "网络", "I6429", "网络技术服务，互联网信息服务", 4),
    Trade("数据服务", "数码", "I6450", "数据处理与存储服务", 1),
    Trade("精密机械", "机械厂", "C3489", "机械零部件加工与销售", 2),
    Trade("智能装备", "通用机械", "C3491", "智能装备研发与制造", 1),
    Trade("金属制品", "五金制品", "C3311", "金属结构制造与销售", 2),
    Trade("塑料制品", "塑胶", "C2929", "塑料制品制造", 1),
    Trade("家具", "木器", "C2110", "木质家具制造与销售", 1),
    Trade("包装印刷", "彩印", "C2319", "包装装潢印刷", 1),
    Trade("新材料", "化工建材", "C2659", "新材料研发与销售", 1),
    Trade("建筑工程", "建筑安装", "E4710", "房屋建筑工程施工", 4),
    Trade("建筑劳务", "劳务工程", "E4999", "建筑劳务分包", 2),
    Trade("装饰工程", "装潢", "E5011", "室内外装饰装修工程设计施工", 4),
    Trade("机电安装工程", "水电安装", "E4910", "机电设备安装工程施工", 1),
    Trade("市政园林工程", "绿化工程", "N7840", "市政与园林绿化工程", 2),
    Trade("物流", "货运", "G5431", "道路普通货物运输", 3),
    Trade("供应链管理", "储运", "G5990", "供应链管理，仓储与装卸服务", 2),
    Trade("速递服务", "快件", "G6020", "国内快递服务", 1),
    Trade("即时配送服务", "跑腿服务", "G6090", "即时配送与城市配送服务", 1),
    Trade("餐饮管理", "酒楼", "H6210", "餐饮服务，餐饮管理", 4),
    Trade("酒店管理", "宾馆", "H6129", "住宿服务，酒店管理", 2),
    Trade("房地产开发", "房屋开发", "K7010", "房地产开发经营", 1),
    Trade("物业服务", "物业管理", "K7020", "物业管理，停车场服务", 3),
    Trade("房地产经纪", "房产中介", "K7030", "房地产经纪服务", 2),
    Trade("汽车租赁", "车辆租赁", "L7111", "汽车租赁服务", 1),
    Trade("企业管理咨询", "咨询", "L7219", "企业管理咨询，商务信息咨询", 4),
    Trade("财税咨询", "代理记账", "L7241", "代理记账，税务咨询", 2),
    Trade("广告传媒", "广告", "L7259", "设计、制作、代理、发布广告", 4),
    Trade("人力资源", "劳务派遣", "L7263", "人力资源服务，劳务派遣", 2),
    Trade("会展服务", "展览", "L7281", "会议及展览服务", 1),
    Trade("知识产权服务", "商标代理", "M7520", "知识产权代理服务", 1),
    Trade("检测技术", "检验", "M7452", "产品质量检测与技术服务", 1),
    Trade("工程设计", "设计院", "M7485", "工程设计与咨询", 1),
    Trade("环保科技", "环保设备", "N7729", "环境治理，环保设备销售", 2),
    Trade("清洁服务", "保洁", "O8219", "建筑物清洁服务", 1),
    Trade("家政服务", "家政", "O8010", "家政服务，养老护理服务", 2),
    Trade("汽车维修", "汽修厂", "O8111", "机动车维修", 2),
    Trade("教育咨询", "培训", "P8399", "教育信息咨询，艺术培训", 3),
    Trade("医疗", "诊所管理", "Q8425", "门诊医疗服务", 1),
    Trade("养老服务", "敬老服务", "Q8514", "机构养老服务", 1),
    Trade("文化传播", "文化", "R8890", "文化艺术交流策划，演出经纪", 4),
    Trade("体育发展", "健身", "R8930", "健身休闲服务，体育赛事策划", 1),
    Trade("农业科技", "种养", "A0519", "农业技术推广，农产品销售", 3),
    Trade("生态农业", "农场", "A0141", "蔬菜、水果种植与销售", 2),
)
FIRM_SHARES = tuple(float(trade.share) for trade in FIRM_TRADES)

SHOP_TRADES = (
    Trade("便利店", "", "F5213", "预包装食品、日用百货零售", 5),
    Trade("超市", "", "F5212", "食品、日用百货零售", 4),
    Trade("水果店", "", "F5224", "水果零售", 3),
    Trade("五金店", "", "F5281", "五金零售", 3),
    Trade("服装店", "", "F5232", "服装零售", 4),
    Trade("烟酒行", "", "F5226", "酒类零售", 3),
    Trade("手机店", "", "F5274", "通讯设备零售", 2),
    Trade("建材经营部", "", "F5165", "建筑材料批发零售", 3),
    Trade("花店", "", "F5297", "花卉零售", 1),
    Trade("面馆", "", "H6220", "小吃服务", 4),
    Trade("早餐店", "", "H6220", "小吃服务", 3),
    Trade("饭店", "", "H6210", "正餐服务", 4),
    Trade("烧烤店", "", "H6220", "小吃服务", 2),
    Trade("奶茶店", "", "H6233", "饮品制售", 3),
    Trade("民宿", "", "H6130", "民宿服务", 1),
    Trade("理发店", "", "O8040", "理发服务", 3),
    Trade("美容馆", "", "O8040", "美容服务", 2),
    Trade("洗车行", "", "O8111", "洗车服务", 1),
    Trade("汽修店", "", "O8111", "机动车维修", 2),
    Trade("干洗店", "", "O8030", "洗染服务", 1),
    Trade("货运部", "", "G5431", "道路货物运输", 2),
    Trade("图文店", "", "M7491", "图文制作", 1),
    Trade("家庭农场", "", "A0141", "蔬菜种植与销售", 2),
)
SHOP_SHARES = tuple(float(trade.share) for trade in SHOP_TRADES)

COOPERATIVE_TRADES = (
    Trade("蔬菜种植", "", "A0141", "组织成员种植、销售蔬菜"),
    Trade("水果种植", "", "A0159", "组织成员种植、销售水果"),
    Trade("茶叶种植", "", "A0164", "组织成员种植、加工茶叶"),
    Trade("水产养殖", "", "A0412", "组织成员养殖、销售水产"),
    Trade("生猪养殖", "", "A0313", "组织成员养殖、销售生猪"),
    Trade("家禽养殖", "", "A0321", "组织成员养殖、销售家禽"),
    Trade("农机服务", "", "A0512", "为成员提供农机作业服务"),
    Trade("粮食种植", "", "A0111", "组织成员种植、销售粮食"),
)

WELFARE_TRADES = (
    Trade("幼儿园", "", "P8310", "学前教育"),
    Trade("职业培训学校", "", "P8391", "职业技能培训"),
    Trade("艺术培训中心", "", "P8399", "艺术培训"),
    Trade("养老服务中心", "", "Q8514", "养老服务"),
    Trade("社会工作服务中心", "", "Q8529", "社会工作服务"),
    Trade("残疾人康复中心", "", "Q8514", "康复服务"),
    Trade("口腔医院", "", "Q8415", "口腔诊疗"),
    Trade("文化艺术中心", "", "R8890", "文化艺术交流"),
)
# Which office supervises private non-enterprises, in the order of WELFARE_TRADES.
WELFARE_SUPERVISORS = (
    "教育局",
    "人力资源和社会保障局",
    "教育局",
    "民政局",
    "民政局",
    "残疾人联合会",
    "卫生健康委员会",
    "文化和旅游局",
)
ASSOCIATION_TOPICS = listed(
    "餐饮 物流 建材 家电 装饰 物业管理 茶叶 水产 果蔬 花卉 摄影 书法 美术 音乐 舞蹈 象棋 围棋 乒乓球 "
    "羽毛球 篮球 登山 骑行 太极拳 信鸽 钓鱼 志愿服务 老年人 妇女创业 青年企业家 女企业家 电子商务 "
    "人力资源 民间文艺 诗词 收藏 乡村旅游 农机 种业 家政服务 养老服务"
)
SPORTS = listed("象棋 围棋 乒乓球 羽毛球 篮球 登山 骑行 太极拳 信鸽 钓鱼")
ARTS = listed("摄影 书法 美术 音乐 舞蹈 民间文艺 诗词 收藏 乡村旅游")
FARMING = listed("茶叶 水产 果蔬 花卉 农机 种业")
ASSOCIATION_ENDINGS = ("协会", "商会", "联合会", "促进会", "学会")
INSTITUTION_KINDS = (
    ("小学", "P8321"),
    ("中学", "P8331"),
    ("卫生院", "Q8423"),
    ("公办幼儿园", "P8310"),
    ("文化站", "R8870"),
    ("敬老院", "Q8514"),
    ("农业技术推广站", "M7511"),
    ("水利管理站", "N7620"),
)
FOUNDATION_ENDINGS = ("公益基金会", "慈善基金会", "教育基金会")


@dataclass(frozen=True, slots=True)
class House:
    """A parent outside the city, with what its branches here are called after the place."""

    name: str
    ownership: str
    industry: str
    ending: str
    share: float


HOUSES = (
    House("东澜银行股份有限公司", PUBLIC, "J6621", "支行", 10),
    House("澜江商业银行股份有限公司", PUBLIC, "J6621", "支行", 7),
    House("汀澜农村商业银行股份有限公司", PUBLIC, "J6621", "分理处", 7),
    House("澜安财产保险股份有限公司", PUBLIC, "J6820", "支公司", 6),
    House("瀚汀人寿保险股份有限公司", PUBLIC, "J6811", "营销服务部", 6),
    House("东澜通信集团有限公司", PUBLIC, "I6312", "营业厅", 6),
    House("东澜石油销售有限公司", PUBLIC, "F5265", "加油站", 7),
    House("东澜省供销农资集团有限公司", PUBLIC, "F5166", "农资店", 8),
    House("东澜省电力有限公司", PUBLIC, "D4420", "供电所", 3),
    House("东澜图书发行集团有限公司", PUBLIC, "F5243", "书店", 2),
    House("汀禾大药房连锁有限公司", PRIVATE, "F5251", "药店", 9),
    House("禾满超市连锁有限公司", PRIVATE, "F5212", "店", 8),
    House("邻栖房地产经纪有限公司", PRIVATE, "K7030", "门店", 8),
    House("溪桥餐饮管理有限公司", PRIVATE, "H6220", "餐厅", 6),
    House("岚燕速运有限公司", PRIVATE, "G6020", "营业部", 6),
    House("朗屿眼镜连锁有限公司", PRIVATE, "F5236", "眼镜店", 3),
    House("栖木酒店管理有限公司", PRIVATE, "H6121", "酒店", 3),
    House("沐凡教育科技有限公司", PRIVATE, "P8399", "教学点", 2),
)


@dataclass(frozen=True, slots=True)
class FirmKind:
    """A kind of firm: what the market file and the tax file call it, how its name ends, what it is in law."""

    company_type: str
    tax_type: str
    ending: str
    share: float
    form: str = "company"
    ownership: str = PRIVATE


FIRM_KINDS = (
    FirmKind("有限责任公司(自然人投资或控股)", "私营有限责任公司", "有限公司", 52),
    FirmKind("有限责任公司(自然人独资)", "私营有限责任公司", "有限公司", 24),
    FirmKind("有限责任公司(法人独资)", "其他有限责任公司", "有限公司", 4),
    FirmKind("其他有限责任公司", "其他有限责任公司", "有限责任公司", 5),
    FirmKind("个人独资企业", "私营独资企业", "工作室", 4, "individual_proprietorship"),
    FirmKind("普通合伙企业", "私营合伙企业", "中心(普通合伙)", 1, "partnership"),
    FirmKind("有限合伙企业", "私营合伙企业", "合伙企业(有限合伙)", 2, "partnership"),
    FirmKind("股份有限公司(非上市)", "私营股份有限公司", "股份有限公司", 1),
    FirmKind("有限责任公司(港澳台投资、非独资)", "港澳台商投资企业", "有限公司", 1),
    FirmKind("有限责任公司(外国法人独资)", "外资企业", "有限公司", 1),
    FirmKind("有限责任公司(国有独资)", "国有独资公司", "集团有限公司", 1.2, ownership=PUBLIC),
    FirmKind("有限责任公司(国有控股)", "其他有限责任公司", "有限公司", 1.4, ownership=PUBLIC),
    FirmKind("全民所有制", "国有企业", "总公司", 0.7, "non_company_enterprise", PUBLIC),
    FirmKind("集体所有制", "集体企业", "服务公司", 1.2, "non_company_enterprise", PUBLIC),
    FirmKind("股份合作制", "股份合作企业", "股份合作公司", 0.5, "non_company_enterprise", PUBLIC),
)
FIRM_KIND_SHARES = tuple(kind.share for kind in FIRM_KINDS)


@dataclass(frozen=True, slots=True)
class Committee:
    """An industry Party committee: its trade, the classes it takes in, and whether only the city has it."""

    trade: str
    industries: tuple[str, ...]
    city_only: bool = False


COMMITTEES = (
    Committee("电子信息", ("C39", "I65")),
    Committee("交通运输", ("G",)),
    Committee("互联网", ("I64",)),
    Committee("物业服务", ("K702",)),
    Committee("民办教育", ("P83",)),
    Committee("民营医疗", ("Q84",)),
    Committee("注册会计师", ("L7241",)),
    Committee("律师", ("M7211", "L7231"), city_only=True),
    Committee("建筑", ("E",), city_only=True),
    Committee("餐饮", ("H62",), city_only=True),
)
